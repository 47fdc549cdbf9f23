package io.plantroom.edge.driver.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.plantroom.device.Access;
import io.plantroom.edge.TestDevices;
import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.ProtocolDriver;
import io.plantroom.edge.driver.RawValue;
import io.plantroom.edge.driver.SubscribingDriver;
import io.plantroom.profile.Profile;
import io.plantroom.profile.Raw;
import io.plantroom.simulator.opcua.OpcUaBus;
import io.plantroom.telemetry.Cause;
import io.plantroom.wire.Event;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.milo.opcua.stack.core.util.SelfSignedCertificateBuilder;
import org.eclipse.milo.opcua.stack.core.util.SelfSignedCertificateGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What servers differ in: deadbands, users, subscriptions, patience. */
class OpcUaServersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Profile GAUGE = TestDevices.profile("test-gauge");

  @SuppressWarnings("NullAway.Init") // filled in by JUnit
  @TempDir
  Path folder;

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private <T extends AutoCloseable> T later(T closed) {
    open.add(closed);
    return closed;
  }

  private OpcUaDrivers drivers() {
    return later(new OpcUaDrivers(folder.resolve("opcua"), InstantSource.system()));
  }

  private static DeviceConfig device(int port, String parameters, Access access) {
    return new DeviceConfig(
        "dev",
        GAUGE,
        URI.create("opc.tcp://127.0.0.1:" + port + "/plantroom?device=dev" + parameters),
        Duration.ofMillis(200),
        new Event.LocalName("表", "gauge"),
        null,
        null,
        access);
  }

  private static boolean has(List<RawValue> values, String point, double value) {
    return values.stream()
        .anyMatch(v -> v.point().equals(point) && new Raw.Real(value, false).equals(v.raw()));
  }

  @Test
  void aServerKeepsChangesWithinTheDeadbandToItselfButNotOfWhatAnAlarmLooksAt() throws Exception {
    Shown shown = Shown.of(GAUGE, true);
    OpcUaBus server = later(OpcUaBus.open("127.0.0.1", 0, List.of(shown)));
    SubscribingDriver driver =
        (SubscribingDriver) drivers().open(device(server.port(), "", Access.NONE));
    List<RawValue> heard = new CopyOnWriteArrayList<>();
    driver.subscribe(GAUGE.points(), heard::addAll);
    assertThat(driver.read(GAUGE.points())).hasSize(2);
    await().atMost(PATIENCE).until(() -> has(heard, "calm", 100) && has(heard, "watched", 100));
    // Both have a deadband of 5. The small change of one is heard, so the other's was withheld.
    shown.show("calm", 103);
    shown.show("watched", 103);
    await().atMost(PATIENCE).until(() -> has(heard, "watched", 103));
    shown.show("calm", 107);
    await().atMost(PATIENCE).until(() -> has(heard, "calm", 107));
    assertThat(has(heard, "calm", 103)).isFalse();
  }

  @Test
  void aServerWithoutSubscriptionsIsReadEachPeriod() throws Exception {
    Shown shown = Shown.of(GAUGE, false);
    OpcUaBus server = later(OpcUaBus.open("127.0.0.1", 0, List.of(shown)));
    SubscribingDriver driver =
        (SubscribingDriver) drivers().open(device(server.port(), "", Access.NONE));
    driver.subscribe(GAUGE.points(), values -> {});
    assertThat(has(driver.read(GAUGE.points()), "calm", 100)).isTrue();
    shown.show("calm", 101);
    assertThat(has(driver.read(GAUGE.points()), "calm", 101)).isTrue();
  }

  @Test
  void aUsersCertificateOpensTheServerAndAnothersDoesNot() throws Exception {
    KeyPair keys = SelfSignedCertificateGenerator.generateRsaKeyPair(2048);
    X509Certificate ours =
        new SelfSignedCertificateBuilder(keys)
            .setCommonName("operator")
            .setApplicationUri("urn:operator")
            .build();
    Shown shown = Shown.of(GAUGE, true);
    OpcUaBus server = later(OpcUaBus.openFor("127.0.0.1", 0, List.of(shown), c -> c.equals(ours)));
    KeyPair otherKeys = SelfSignedCertificateGenerator.generateRsaKeyPair(2048);
    X509Certificate other =
        new SelfSignedCertificateBuilder(otherKeys)
            .setCommonName("stranger")
            .setApplicationUri("urn:stranger")
            .build();
    Access allowed = Access.certificate(pem("a", ours.getEncoded()), key("a", keys));
    Access refused = Access.certificate(pem("b", other.getEncoded()), key("b", otherKeys));
    OpcUaDrivers drivers = drivers();
    ProtocolDriver driver = drivers.open(device(server.port(), "", allowed));
    assertThat(has(driver.read(GAUGE.points()), "calm", 100)).isTrue();
    ProtocolDriver stranger = drivers.open(device(server.port(), "", refused));
    assertThat(catchThrowableOfType(DriverException.class, () -> stranger.read(GAUGE.points())))
        .isNotNull();
    ProtocolDriver nobody = drivers.open(device(server.port(), "", Access.NONE));
    assertThat(catchThrowableOfType(DriverException.class, () -> nobody.read(GAUGE.points())))
        .isNotNull();
  }

  private Path pem(String name, byte[] certificate) throws Exception {
    return write(name + ".pem", "CERTIFICATE", certificate);
  }

  private Path key(String name, KeyPair keys) throws Exception {
    return write(name + ".key", "PRIVATE KEY", keys.getPrivate().getEncoded());
  }

  private Path write(String file, String what, byte[] content) throws Exception {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return Files.writeString(
        folder.resolve(file),
        "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
  }

  @Test
  void theSessionOfTheLastDeviceThatUsesItEndsWithThatDevice() throws Exception {
    OpcUaBus server = later(OpcUaBus.open("127.0.0.1", 0, List.of(Shown.of(GAUGE, true))));
    OpcUaDrivers drivers = drivers();
    ProtocolDriver first = drivers.open(device(server.port(), "", Access.NONE));
    ProtocolDriver second = drivers.open(device(server.port(), "", Access.NONE));
    // On the same bus, but of another session.
    ProtocolDriver plain = drivers.open(device(server.port(), "&security=none", Access.NONE));
    assertThat(first.read(GAUGE.points())).isNotEmpty();
    assertThat(second.read(GAUGE.points())).isNotEmpty();
    assertThat(plain.read(GAUGE.points())).isNotEmpty();
    assertThat(server.sessions()).isEqualTo(2);
    plain.close();
    await().atMost(PATIENCE).until(() -> server.sessions() == 1);
    first.close();
    first.close();
    assertThat(second.read(GAUGE.points())).isNotEmpty();
    assertThat(server.sessions()).isEqualTo(1);
    second.close();
    await().atMost(PATIENCE).until(() -> server.sessions() == 0);
  }

  @Test
  void aServerMayTakeAsLongAsItsDevicesModelSays() throws Exception {
    OpcUaBus server = later(OpcUaBus.open("127.0.0.1", 0, List.of(Shown.of(GAUGE, true))));
    Wire wire = later(new Wire(server.port()));
    ProtocolDriver driver = drivers().open(device(wire.port(), "", Access.NONE));
    assertThat(driver.read(GAUGE.points())).isNotEmpty();
    wire.stop();
    DriverException silence =
        catchThrowableOfType(DriverException.class, () -> driver.read(GAUGE.points()));
    // 7 s by its model; a session's own 5 s would have ended it as a lost connection.
    assertThat(silence).hasMessageContaining("PT7S");
    assertThat(silence.reason()).isEqualTo(Cause.TIMEOUT);
  }
}
