package io.plantroom.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.plantroom.edge.config.EdgeConfig;
import io.plantroom.edge.page.PagePassword;
import io.plantroom.edge.page.StatusPage;
import io.plantroom.edge.poll.DeviceStatus;
import io.plantroom.simulator.Options;
import io.plantroom.simulator.SimulatedBuilding;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of an agent that reads a real server. */
class StatusPageTest {
  private static final String PASSWORD = "correct horse";

  @SuppressWarnings("NullAway.Init") // filled in by JUnit
  @TempDir
  Path folder;

  @SuppressWarnings("NullAway.Init") // made before each test
  private SimulatedBuilding building;

  @SuppressWarnings("NullAway.Init") // made before each test
  private EdgeAgent agent;

  @SuppressWarnings("NullAway.Init") // made before each test
  private EdgeConfig config;

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http = HttpClient.newHttpClient();
  private int port;

  @BeforeEach
  void start() throws Exception {
    building = SimulatedBuilding.start(Options.shipped());
    String meter =
        building.devices().stream()
            .filter(d -> d.profile().profile().equals("eastron-sdm630"))
            .findFirst()
            .orElseThrow()
            .key();
    Path file =
        Files.writeString(
            folder.resolve("edge.yaml"),
            """
            gateway: gw-1
            outbox: { flush: 100ms }
            page: { port: 0 }
            devices:
              - key: meter-1
                profile: eastron-sdm630
                endpoint: "%s"
                every: 1s
                name: { zh: 一号表, en: "<b>Meter</b>" }
              - key: gone
                profile: eastron-sdm630
                endpoint: "modbus-tcp://127.0.0.2:1?unit=1"
                every: 1s
            """
                .formatted(building.endpoint(meter)));
    config = EdgeConfig.load(file);
    agent = new EdgeAgent(config, InstantSource.system(), e -> {});
    agent.start();
    port =
        StatusPage.start(vertx, agent, config, Objects.requireNonNull(config.page()))
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS)
            .actualPort();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> agent.devices().stream().filter(DeviceStatus::online).count() == 1);
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    agent.close();
    building.close();
  }

  private HttpResponse<String> get(String path, @Nullable String cookie) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
    if (cookie != null) {
      request.header("Cookie", cookie);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> enter(String password) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri("/api/session"))
            .header("Content-Type", "application/json")
            .header("X-Requested-With", "plantroom")
            .POST(HttpRequest.BodyPublishers.ofString("{\"password\":\"" + password + "\"}"))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  @Test
  void whoKnowsThePasswordSeesLinksValuesClockAndDiskAndNobodyElseDoes() throws Exception {
    assertThat(get("/api/state", null).statusCode()).isEqualTo(401);
    assertThat(enter(PASSWORD).statusCode()).isEqualTo(503);
    new PagePassword(config.data()).set(PASSWORD);
    assertThat(enter("wrong password").statusCode()).isEqualTo(401);

    HttpResponse<String> in = enter(PASSWORD);

    assertThat(in.statusCode()).isEqualTo(204);
    String set = in.headers().firstValue("set-cookie").orElseThrow();
    assertThat(set).containsIgnoringCase("HttpOnly").contains("SameSite=Strict");
    String cookie = set.replaceAll(";.*", "");
    await()
        .untilAsserted(
            () ->
                assertThat(get("/api/state", cookie).body())
                    .contains("\"gateway\":\"gw-1\"", "\"online\":true", "\"unit\":\"V\"")
                    .contains("\"clockTrusted\"", "\"free\"", "\"uplinkDown\"", "一号表")
                    .contains("\"commands\":{\"allowed\":false,\"open\":0}")
                    .contains("\"zh\":\"无法连接 127.0.0.2:1: ")
                    .contains("\"en\":\"cannot connect to 127.0.0.2:1: "));
    http.send(
        HttpRequest.newBuilder(uri("/api/session")).header("Cookie", cookie).DELETE().build(),
        HttpResponse.BodyHandlers.discarding());
    assertThat(get("/api/state", cookie).statusCode()).isEqualTo(401);
  }

  @Test
  void guessingEndsInAPauseEvenForTheRightPassword() throws Exception {
    new PagePassword(config.data()).set(PASSWORD);
    for (int i = 0; i < 5; i++) {
      assertThat(enter("guess number " + i).statusCode()).isEqualTo(401);
    }
    assertThat(enter(PASSWORD).statusCode()).isEqualTo(429);
  }

  @Test
  void thePageMayRunNothingButItsOwnScript() throws Exception {
    HttpResponse<String> page = get("/", null);

    assertThat(page.headers().firstValue("content-security-policy").orElse(""))
        .contains("default-src 'none'", "script-src 'self'")
        .doesNotContain("unsafe");
    assertThat(page.body()).doesNotContainPattern("<script(?! src)|style=|\\son[a-z]+=\"");
    assertThat(get("/page.js", null).body()).doesNotContain("innerHTML");
    assertThat(page.body()).contains("/icon.svg");
    assertThat(get("/icon.svg", null).body()).startsWith("<svg");
  }

  @Test
  void thePasswordIsKeptHashedForItsOwnerOnly() throws Exception {
    new PagePassword(config.data()).set(PASSWORD);
    Path file = config.data().resolve("page-password");

    assertThat(Files.readString(file)).startsWith("pbkdf2-sha256$600000$").doesNotContain("horse");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThatThrownBy(() -> new PagePassword(config.data()).set("short"))
        .hasMessageContaining("10");
  }

  @Test
  void aPageForOthersNeedsACertificate() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("open.yaml"), "gateway: gw-1\npage: { host: 0.0.0.0, port: 0 }\n");
    assertThatThrownBy(() -> EdgeConfig.load(file))
        .hasMessageContaining("open.yaml:2: page/host")
        .hasMessageContaining("certificate");
  }
}
