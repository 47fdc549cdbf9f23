package io.plantroom.edge.driver.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.ProtocolDriver;
import io.plantroom.edge.driver.RawValue;
import io.plantroom.profile.Point;
import io.plantroom.profile.Profile;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.simulator.device.PlayedDevice;
import io.plantroom.simulator.opcua.OpcUaBus;
import io.plantroom.telemetry.Quality;
import io.plantroom.wire.Event;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a Milo server that signs and encrypts. */
class OpcUaDriverTest {
  private static final InstantSource CLOCK = InstantSource.system();

  @SuppressWarnings("NullAway.Init") // filled in by JUnit
  @TempDir
  Path folder;

  private final Profile lift = ProfileCatalog.builtIn().find("generic-lift").orElseThrow();
  private final PlayedDevice played =
      new PlayedDevice("lift-1", lift, 1, "lift-1", Instant.now().minusSeconds(60), CLOCK);

  /** Points the simulator plays; the others it does not have. */
  private final List<Point> points =
      lift.points().stream().filter(p -> lift.simulation().signal(p.name()) != null).toList();

  @SuppressWarnings("NullAway.Init") // made before each test
  private OpcUaBus server;

  @SuppressWarnings("NullAway.Init") // made before each test
  private OpcUaDrivers drivers;

  @BeforeEach
  void start() throws Exception {
    server = OpcUaBus.open("127.0.0.1", 0, List.of(played));
    drivers = new OpcUaDrivers(folder, CLOCK);
  }

  @AfterEach
  void stop() {
    drivers.close();
    server.close();
  }

  private ProtocolDriver driver(String more) {
    URI endpoint =
        URI.create("opc.tcp://127.0.0.1:" + server.port() + "/plantroom?device=lift-1" + more);
    return drivers.open(
        new DeviceConfig(
            "lift-1",
            lift,
            endpoint,
            Duration.ofSeconds(1),
            new Event.LocalName("梯", "lift"),
            null,
            null));
  }

  @Test
  void everyPointThatTheServerHasIsReadWellSignedAndEncrypted() throws Exception {
    try (ProtocolDriver driver = driver("")) {
      List<RawValue> values = driver.read(points);
      assertThat(values)
          .extracting(RawValue::point)
          .isEqualTo(points.stream().map(Point::name).toList());
      assertThat(values).allSatisfy(v -> assertThat(v.quality()).isEqualTo(Quality.GOOD));
    }
  }

  @Test
  void aServerThatIsRestartedIsReadAgain() throws Exception {
    try (ProtocolDriver driver = driver("")) {
      assertThat(driver.read(points)).hasSameSizeAs(points);
      int port = server.port();
      server.close();
      assertThatThrownBy(() -> driver.read(points)).isInstanceOf(DriverException.class);
      server = OpcUaBus.open("127.0.0.1", port, List.of(played));
      await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptionsInstanceOf(DriverException.class)
          .until(() -> driver.read(points).stream().allMatch(v -> v.quality() == Quality.GOOD));
    }
  }

  @Test
  void aServerThatIsNotThereIsNamedInTheError() {
    int port = server.port();
    server.close();
    try (ProtocolDriver driver = driver("")) {
      assertThatThrownBy(() -> driver.read(points))
          .isInstanceOf(DriverException.class)
          .hasMessageContaining("opc.tcp://127.0.0.1:" + port + "/plantroom");
    }
  }
}
