package io.plantroom.edge.driver.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.ProtocolDriver;
import io.plantroom.edge.driver.RawValue;
import io.plantroom.profile.Profile;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.profile.ProfileLoader;
import io.plantroom.simulator.device.PlayedDevice;
import io.plantroom.simulator.opcua.OpcUaBus;
import io.plantroom.telemetry.Quality;
import io.plantroom.wire.Event;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a person does with a server that nobody has trusted yet. */
class OpcUaCommandTest {
  private static final InstantSource CLOCK = InstantSource.system();

  @SuppressWarnings("NullAway.Init") // filled in by JUnit
  @TempDir
  Path folder;

  private final Profile lift = ProfileCatalog.builtIn().find("generic-lift").orElseThrow();
  private final PlayedDevice played =
      new PlayedDevice("lift-1", lift, 1, "lift-1", Instant.now().minusSeconds(60), CLOCK);
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @SuppressWarnings("NullAway.Init") // made before each test
  private OpcUaBus server;

  @SuppressWarnings("NullAway.Init") // made before each test
  private OpcUaDrivers drivers;

  @SuppressWarnings("NullAway.Init") // made before each test
  private Path config;

  @BeforeEach
  void start() throws Exception {
    config = Files.writeString(folder.resolve("edge.yaml"), "gateway: gw-1\ndata: data\n");
    server = OpcUaBus.open("127.0.0.1", 0, List.of(played));
    drivers = new OpcUaDrivers(folder.resolve("data/opcua"), CLOCK);
  }

  @AfterEach
  void stop() {
    drivers.close();
    server.close();
  }

  private String endpoint() {
    return "opc.tcp://127.0.0.1:" + server.port() + "/plantroom";
  }

  private ProtocolDriver driver(String parameters) {
    return driver(lift, parameters);
  }

  private ProtocolDriver driver(Profile profile, String parameters) {
    URI endpoint = URI.create(endpoint() + "?device=lift-1" + parameters);
    return drivers.open(
        new DeviceConfig(
            "lift-1",
            profile,
            endpoint,
            Duration.ofSeconds(1),
            new Event.LocalName("梯", "lift"),
            null,
            null));
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return new CommandLine(new OpcUaCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private DriverException refused(ProtocolDriver driver) {
    return catchThrowableOfType(DriverException.class, () -> driver.read(lift.points()));
  }

  private void readAgain(ProtocolDriver driver) {
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptionsInstanceOf(DriverException.class)
        .until(() -> !driver.read(lift.points()).isEmpty());
  }

  /** The command that the refusal names. */
  private static String fingerprint(DriverException refusal) {
    Matcher m =
        Pattern.compile("plantroom-edge opcua certificates trust ([0-9a-f]{16})")
            .matcher(String.valueOf(refusal.getMessage()));
    assertThat(m.find()).as(refusal.getMessage()).isTrue();
    return m.group(1);
  }

  @Test
  void anUnknownServerIsRefusedUntilItIsTrustedAndAgainWhenItIsRejected() {
    ProtocolDriver driver = driver("&trust=listed");
    String shown = fingerprint(refused(driver));
    assertThat(run("certificates", "list", "--config", config.toString())).isZero();
    assertThat(out.toString()).contains("rejected " + shown).contains("CN=Plantroom simulator");
    assertThat(run("certificates", "trust", "--config", config.toString(), shown)).isZero();
    readAgain(driver);
    assertThat(run("certificates", "reject", "--config", config.toString(), shown)).isZero();
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> assertThat(refused(driver)).hasMessageContaining("that nobody has trusted"));
  }

  @Test
  void aServerWithARenewedCertificateIsRefusedUntilThatIsTrusted() throws Exception {
    ProtocolDriver driver = driver("&trust=listed");
    String first = fingerprint(refused(driver));
    assertThat(run("certificates", "trust", "--config", config.toString(), first)).isZero();
    readAgain(driver);
    int port = server.port();
    server.close();
    // Each start of the simulator makes a new certificate.
    server = OpcUaBus.open("127.0.0.1", port, List.of(played));
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> assertThat(refused(driver)).hasMessageContaining("that nobody has trusted"));
    String second = fingerprint(refused(driver));
    assertThat(second).isNotEqualTo(first);
    assertThat(run("certificates", "trust", "--config", config.toString(), second)).isZero();
    readAgain(driver);
  }

  @Test
  void aNewCertificateOfThisGatewayBeginsANewSession() throws Exception {
    ProtocolDriver driver = driver("");
    readAgain(driver);
    assertThat(run("certificates", "own", "--config", config.toString())).isZero();
    String before = out.toString();
    assertThat(before).contains("-----BEGIN CERTIFICATE-----");
    assertThat(run("certificates", "renew", "--config", config.toString())).isZero();
    assertThat(before).doesNotContain(out.toString().split("\\s+", 3)[1]);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              readAgain(driver);
              return server.callers().stream().anyMatch(c -> out.toString().contains(c));
            });
  }

  @Test
  void onFirstUseACertificateIsTrustedWhenTheEndpointSaysSo() throws Exception {
    ProtocolDriver driver = driver("&trust=first-use");
    readAgain(driver);
    int port = server.port();
    server.close();
    server = OpcUaBus.open("127.0.0.1", port, List.of(played));
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(refused(driver))
                    .hasMessageContaining("another certificate than at first"));
  }

  @Test
  void aPolicyThatTheServerDoesNotOfferIsRefusedWithWhatItOffers() {
    assertThat(refused(driver("&security=Aes256_Sha256_RsaPss")))
        .hasMessageContaining("offers None with None, Basic256Sha256 with SignAndEncrypt")
        .hasMessageContaining("wanted is Aes256_Sha256_RsaPss");
  }

  @Test
  void whatDoesNotExistIsSaid() {
    assertThat(run("certificates", "trust", "--config", config.toString(), "abcd")).isEqualTo(2);
    assertThat(err.toString()).contains("no file and no certificate");
    assertThat(run("certificates", "list")).isEqualTo(2);
    assertThat(err.toString()).contains("--config FILE is missing");
    assertThat(run("browse", "http://127.0.0.1:80", "--config", config.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("expected one of the schemes");
  }

  @Test
  void browsingMakesAProfileThatReadsTheServer() throws Exception {
    int exit =
        run(
            "browse",
            endpoint(),
            "--config",
            config.toString(),
            "--device",
            "lift-1",
            "--category",
            "lift",
            "--profile",
            "found-lift");
    assertThat(exit).as(err.toString()).isZero();
    Profile found = ProfileLoader.parse("found-lift.yaml", out.toString());
    assertThat(found.points())
        .extracting(p -> java.util.Objects.requireNonNull(p.opcUa()).node())
        .contains("ns=2;s={device}.CarPosition", "ns=2;s={device}.TotalRuns");
    assertThat(found.point("floor").orElseThrow().title().zh()).isEqualTo("当前楼层");
    List<RawValue> values = driver(found, "").read(found.points());
    assertThat(values).allSatisfy(v -> assertThat(v.quality()).isEqualTo(Quality.GOOD));
  }
}
