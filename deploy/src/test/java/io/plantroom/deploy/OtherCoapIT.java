package io.plantroom.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.plantroom.device.Access;
import io.plantroom.edge.Drivers;
import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.DriverFactory;
import io.plantroom.edge.driver.RawValue;
import io.plantroom.edge.driver.SubscribingDriver;
import io.plantroom.edge.driver.WritingDriver;
import io.plantroom.edge.driver.coap.CoapCommand;
import io.plantroom.profile.Point;
import io.plantroom.profile.Profile;
import io.plantroom.profile.ProfileLoader;
import io.plantroom.profile.Raw;
import io.plantroom.wire.Event;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The agent against libcoap over DTLS: pre-shared key, observe, answers of many blocks. */
@Needs({OtherCoapIT.SERVER, OtherCoapIT.CLIENT})
class OtherCoapIT {
  static final String SERVER = "coap-server-openssl";
  static final String CLIENT = "coap-client-openssl";
  private static final String KEY = "plant-room-key-7";
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir Path folder;

  /** The server listens for DTLS on the port above the one it is given. */
  private int port;

  private Map<String, DriverFactory> drivers;
  private Process server;

  @BeforeEach
  void start() throws Exception {
    port = Ports.free();
    drivers = Drivers.all(folder, InstantSource.system());
    server = server();
    put("room/temperature", "21.5");
  }

  @AfterEach
  void stop() throws Exception {
    drivers.values().stream().distinct().forEach(DriverFactory::close);
    end();
  }

  private Process server() throws IOException {
    return new ProcessBuilder(
            Programs.find(SERVER),
            "-A",
            "127.0.0.1",
            "-p",
            String.valueOf(port),
            "-d",
            "10",
            "-k",
            KEY)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private void end() throws Exception {
    server.destroyForcibly();
    assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }

  /** Until the server has it: it may not listen yet. */
  private void put(String path, String text) throws Exception {
    Path file = Files.writeString(folder.resolve("payload"), text);
    String uri = "coaps://127.0.0.1:" + (port + 1) + "/" + path;
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              run("-m", "put", "-t", "0", "-f", file.toString(), uri);
              return run("-m", "get", uri).contains(text.substring(0, 4));
            });
  }

  private String run(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of(Programs.find(CLIENT), "-k", KEY, "-u", "gw-1", "-B", "5"));
    command.addAll(List.of(arguments));
    Process client = new ProcessBuilder(command).redirectErrorStream(true).start();
    client.getOutputStream().close();
    String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(client.waitFor(30, TimeUnit.SECONDS)).as(said).isTrue();
    return said;
  }

  private static Profile sensor() throws Exception {
    return ProfileLoader.parse(
        "other.yaml",
        """
        profile: other-sensor
        maker: Other
        model: Sensor
        category: sensor
        protocol: coap
        name: { zh: 传感器, en: Sensor }
        source: libcoap's example server
        verified: false
        limits: { timeout: 5s }
        points:
          - name: temperature
            title: { zh: 温度, en: Temperature }
            kind: analog
            unit: Cel
            coap: { path: /room/temperature, observe: true }
            writable: { min: 5, max: 35 }
          - name: story
            title: { zh: 说明, en: Story }
            kind: text
            coap: { path: /room/story }
        """);
  }

  private SubscribingDriver driver(String key) throws Exception {
    Path file = Files.writeString(folder.resolve("sensor.key"), key);
    DeviceConfig device =
        new DeviceConfig(
            "sensor-1",
            sensor(),
            URI.create("coaps://127.0.0.1:" + (port + 1)),
            Duration.ofSeconds(1),
            new Event.LocalName("设备", "Device"),
            null,
            null,
            Access.preSharedKey("gw-1", file));
    return (SubscribingDriver) Objects.requireNonNull(drivers.get("coaps")).open(device);
  }

  private static Raw number(String value) {
    return new Raw.Exact(new BigDecimal(value));
  }

  @Test
  void itIsObservedOverDtlsAndAgainAfterItForgotEverything() throws Exception {
    List<RawValue> heard = new CopyOnWriteArrayList<>();
    SubscribingDriver driver = driver(KEY);
    driver.subscribe(sensor().points(), heard::addAll);
    await().atMost(PATIENCE).until(() -> !heard.isEmpty());
    put("room/temperature", "22.75");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(heard).extracting(RawValue::raw).contains(number("22.75")));
    end();
    server = server();
    put("room/temperature", "23.25");
    // Nobody tells it that the device was restarted: it is found out when Max-Age (60 s) is over.
    await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofSeconds(1))
        .ignoreExceptionsInstanceOf(DriverException.class)
        .untilAsserted(
            () ->
                assertThat(driver.read(List.of(sensor().points().get(0))).get(0).raw())
                    .isEqualTo(number("23.25")));
    put("room/temperature", "24.5");
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() -> assertThat(heard).extracting(RawValue::raw).contains(number("24.5")));
  }

  @Test
  void anAnswerOfManyBlocksIsReadWhole() throws Exception {
    String story = "a plant room ".repeat(230) + "end";
    put("room/story", story);
    assertThat(driver(KEY).read(List.of(sensor().points().get(1))).get(0).raw())
        .isEqualTo(new Raw.Text(story));
  }

  @Test
  void itIsSetOverDtlsAndShowsWhatWasWritten() throws Exception {
    WritingDriver driver = (WritingDriver) driver(KEY);
    Point temperature = sensor().points().get(0);
    assertThat(driver.fresh(temperature).raw()).isEqualTo(number("21.5"));
    driver.write(temperature, number("19.25"));
    assertThat(driver.fresh(temperature).raw()).isEqualTo(number("19.25"));
    assertThat(run("-m", "get", "coaps://127.0.0.1:" + (port + 1) + "/room/temperature"))
        .contains("19.25");
  }

  @Test
  void aWrongKeyIsSaid() throws Exception {
    SubscribingDriver driver = driver("another-key");
    DriverException refused =
        catchThrowableOfType(DriverException.class, () -> driver.read(sensor().points()));
    assertThat(refused)
        .hasMessageContaining("DTLS")
        .hasMessageContaining("identity 'gw-1'")
        .hasMessageNotContaining("another-key");
  }

  @Test
  void itsResourcesAreDiscovered() throws Exception {
    Path key = Files.writeString(folder.resolve("sensor.key"), KEY);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        new CommandLine(new CoapCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(
                "discover",
                "coaps://127.0.0.1:" + (port + 1),
                "--identity",
                "gw-1",
                "--key-file",
                key.toString());
    assertThat(exit).as(err.toString()).isZero();
    assertThat(out.toString()).contains("/room/temperature").contains("/time");
  }
}
