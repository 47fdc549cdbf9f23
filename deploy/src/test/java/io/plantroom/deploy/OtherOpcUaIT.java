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
import io.plantroom.edge.driver.opcua.OpcUaCommand;
import io.plantroom.profile.Profile;
import io.plantroom.profile.ProfileLoader;
import io.plantroom.profile.Raw;
import io.plantroom.telemetry.Cause;
import io.plantroom.wire.Event;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The agent against node-opcua, which shares nothing with the library the agent is built on. */
@Needs(value = "node", nodeModule = "node-opcua")
class OtherOpcUaIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path folder;

  private int port;
  private final List<RawValue> heard = new CopyOnWriteArrayList<>();
  private Map<String, DriverFactory> drivers;
  private Process server;

  @BeforeEach
  void start() throws Exception {
    port = Ports.free();
    drivers = Drivers.all(folder, InstantSource.system());
    server = server();
  }

  @AfterEach
  void stop() throws Exception {
    drivers.values().stream().distinct().forEach(DriverFactory::close);
    end();
  }

  private Process server() throws IOException {
    Process started =
        new ProcessBuilder(
                "node",
                Path.of("src/test/node-opcua/server.js").toAbsolutePath().toString(),
                String.valueOf(port),
                folder.resolve("server").toString())
            .redirectErrorStream(true)
            .start();
    BufferedReader said = started.inputReader(StandardCharsets.UTF_8);
    String line = said.readLine();
    StringBuilder all = new StringBuilder();
    while (line != null && !line.equals("ready")) {
      all.append(line).append('\n');
      line = said.readLine();
    }
    assertThat(line).as(all.toString()).isEqualTo("ready");
    Thread rest = new Thread(() -> said.lines().forEach(l -> {}), "node");
    rest.setDaemon(true);
    rest.start();
    return started;
  }

  private void end() throws Exception {
    server.destroyForcibly();
    assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }

  private void tell(String what) throws IOException {
    server.getOutputStream().write((what + "\n").getBytes(StandardCharsets.UTF_8));
    server.getOutputStream().flush();
  }

  private static Profile lift() throws Exception {
    return ProfileLoader.parse(
        "node-lift.yaml",
        """
        profile: node-lift
        maker: Other
        model: Lift
        category: lift
        protocol: opc-ua
        name: { zh: 电梯, en: Lift }
        source: the server of this test
        verified: false
        points:
          - name: trapped
            title: { zh: 困人, en: Trapped }
            kind: state
            opc-ua: { node: "ns=1;s={device}.Trapped" }
            states:
              - { code: 0, title: { zh: 否, en: "No" } }
              - { code: 1, title: { zh: 是, en: "Yes" } }
          - name: floor
            title: { zh: 楼层, en: Floor }
            kind: analog
            unit: "1"
            deadband: 0.5
            opc-ua: { node: "ns=1;s={device}.Floor" }
          - name: runs
            title: { zh: 运行次数, en: Runs }
            kind: counter
            unit: "1"
            opc-ua: { node: "ns=1;s={device}.TotalRuns" }
          - name: label
            title: { zh: 名称, en: Label }
            kind: text
            opc-ua: { node: "ns=1;s={device}.Label" }
          - name: colour
            title: { zh: 颜色, en: Colour }
            kind: text
            opc-ua: { node: "ns=1;s={device}.Colour" }
        """);
  }

  private SubscribingDriver driver(String parameters, Access access) throws Exception {
    URI endpoint = URI.create("opc.tcp://127.0.0.1:" + port + "/lifts?device=lift-1" + parameters);
    DeviceConfig device =
        new DeviceConfig(
            "lift-1",
            lift(),
            endpoint,
            Duration.ofMillis(500),
            new Event.LocalName("梯", "Lift"),
            null,
            null,
            access);
    return (SubscribingDriver) Objects.requireNonNull(drivers.get("opc.tcp")).open(device);
  }

  private SubscribingDriver subscribed(Access access) throws Exception {
    SubscribingDriver driver = driver("", access);
    driver.subscribe(lift().points(), heard::addAll);
    return driver;
  }

  private Access user(String password) throws IOException {
    return Access.user("plantroom", Files.writeString(folder.resolve("password"), password));
  }

  /** Reads as the engine does until this was heard. */
  private Callable<Boolean> hears(SubscribingDriver driver, String point, Raw value) {
    return () -> {
      try {
        var unused = driver.read(lift().points());
      } catch (DriverException e) {
        // Away; it is asked again.
      }
      return heard.stream().anyMatch(v -> v.point().equals(point) && value.equals(v.raw()));
    };
  }

  @Test
  void itIsSubscribedAndAPointThatItDoesNotHaveIsNamed() throws Exception {
    SubscribingDriver driver = subscribed(Access.NONE);
    List<RawValue> values = driver.read(lift().points());
    assertThat(values.get(2).raw()).isEqualTo(new Raw.Whole(418260));
    assertThat(values.get(3).raw()).isEqualTo(new Raw.Text("一号梯"));
    assertThat(values.get(4).cause()).isEqualTo(Cause.NOT_AVAILABLE);
    tell("trapped true");
    await().atMost(PATIENCE).until(hears(driver, "trapped", new Raw.Whole(1)));
    tell("floor 7.5");
    await().atMost(PATIENCE).until(hears(driver, "floor", new Raw.Real(7.5, false)));
  }

  @Test
  void afterItWasKilledAndStartedAgainItIsSubscribedAgain() throws Exception {
    SubscribingDriver driver = subscribed(Access.NONE);
    assertThat(driver.read(lift().points())).hasSize(5);
    end();
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                catchThrowableOfType(DriverException.class, () -> driver.read(lift().points()))
                    != null);
    server = server();
    tell("runs 418300");
    await().atMost(PATIENCE).until(hears(driver, "runs", new Raw.Whole(418300)));
    tell("runs 418301");
    await().atMost(PATIENCE).until(hears(driver, "runs", new Raw.Whole(418301)));
  }

  @Test
  void aUserNeedsHisPassword() throws Exception {
    assertThat(driver("", user("lift&door\n")).read(lift().points())).hasSize(5);
    DriverException refused =
        catchThrowableOfType(
            DriverException.class,
            () -> driver("&security=Basic256Sha256", user("wrong-secret")).read(lift().points()));
    assertThat(refused)
        .hasMessageNotContaining("wrong-secret")
        .hasMessageMatching(
            "(?s).*(Bad_UserAccessDenied|Bad_IdentityTokenRejected|denied|rejected).*");
  }

  @Test
  void aPolicyItDoesNotOfferIsRefused() throws Exception {
    DriverException refused =
        catchThrowableOfType(
            DriverException.class,
            () -> driver("&security=none", Access.NONE).read(lift().points()));
    assertThat(refused).hasMessageContaining("offers Basic256Sha256 with SignAndEncrypt");
  }

  @Test
  void aProfileIsMadeByBrowsing() throws Exception {
    Path config = Files.writeString(folder.resolve("edge.yaml"), "gateway: gw-1\ndata: data\n");
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        new CommandLine(new OpcUaCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(
                "browse",
                "opc.tcp://127.0.0.1:" + port + "/lifts",
                "--config",
                config.toString(),
                "--device",
                "lift-1");
    assertThat(exit).as(err.toString()).isZero();
    Profile found = ProfileLoader.parse("found.yaml", out.toString());
    assertThat(found.points().stream().map(p -> Objects.requireNonNull(p.opcUa()).node()))
        .contains("ns=1;s={device}.Trapped", "ns=1;s={device}.TotalRuns");
  }
}
