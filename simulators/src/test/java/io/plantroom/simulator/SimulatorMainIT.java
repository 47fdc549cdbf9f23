package io.plantroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packed program as people start it. */
class SimulatorMainIT {
  private static final Path JAR = Path.of("target", "simulators.jar");

  private final Path folder;
  private @Nullable Process running;

  SimulatorMainIT(@TempDir Path folder) {
    this.folder = folder;
  }

  @AfterEach
  void kill() {
    if (running != null) {
      running.destroyForcibly();
    }
  }

  @Test
  void itSaysWhenItIsReadyAndStopsWhenTold() throws Exception {
    final JsonObject first = startAndAwaitReady();
    assertThat(first.getJsonObject("buses").fieldNames())
        .containsExactlyInAnyOrder("modbus-1", "modbus-2", "modbus-3", "opc-ua", "coap", "coaps");
    assertThat(Files.readString(folder.resolve("devices.yaml")))
        .contains("endpoint: \"modbus-tcp://127.0.0.1:")
        .contains("key: lift-4");
    String since = Files.readString(folder.resolve("state/since"));
    String at = since.strip().replaceAll("T.*", "T23:59:59Z");
    final JsonArray before = registers(first, at);
    assertThat(before).hasSizeGreaterThan(20);
    stop();
    assertThat(Files.readString(folder.resolve("log"))).contains("simulated building is ready");

    JsonObject second = startAndAwaitReady();
    assertThat(registers(second, at)).isEqualTo(before);
    stop();
  }

  @Test
  void aFileThatIsWrongIsToldAndEndsIt() throws Exception {
    Path bad = Files.writeString(folder.resolve("bad.yaml"), "site: nowhere\n");
    Process process = run("--building", bad.toString());
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(2);
    assertThat(Files.readString(folder.resolve("log"))).startsWith(bad + ":1: site");
  }

  private JsonObject startAndAwaitReady() throws IOException {
    Path ready = folder.resolve("ready.json");
    Files.deleteIfExists(ready);
    run(
        "--state", folder.resolve("state").toString(),
        "--ready-file", ready.toString(),
        "--edge-devices", folder.resolve("devices.yaml").toString());
    await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(ready).exists());
    return new JsonObject(Files.readString(ready));
  }

  private Process run(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-jar");
    command.add(JAR.toString());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    running = process;
    return process;
  }

  private void stop() throws InterruptedException {
    Process process = running;
    assertThat(process).isNotNull();
    process.destroy();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("ended by SIGTERM").isTrue();
  }

  private static JsonArray registers(JsonObject ready, String at) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + ready.getInteger("api") + "/registers?at=" + at);
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build();
    return new JsonArray(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body());
  }
}
