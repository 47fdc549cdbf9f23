package io.plantroom.edge.driver.coap;

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
import io.plantroom.profile.Point;
import io.plantroom.profile.Raw;
import io.plantroom.telemetry.Cause;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.core.server.resources.Resource;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedSinglePskStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sensor that speaks only DTLS. */
class CoapsTest {
  private static final String SECRET = "sesame-open-the-door";
  private static final List<Point> LEAK =
      List.of(TestDevices.profile("test-sensor").points().get(3));

  @SuppressWarnings("NullAway.Init") // filled in by JUnit
  @TempDir
  Path folder;

  private final CoapDrivers drivers = new CoapDrivers(InstantSource.system());
  private final AtomicReference<String> shown = new AtomicReference<>("1");
  private CoapResource resource = new Sensor();
  private CoapServer server = server(0);

  /** Answers the same at every path, and promises it for a second. */
  private final class Sensor extends CoapResource {
    Sensor() {
      super("dev");
      setObservable(true);
    }

    @Override
    public Resource getChild(String name) {
      return this;
    }

    @Override
    public void handleGET(CoapExchange exchange) {
      exchange.setMaxAge(1);
      exchange.respond(shown.get());
    }
  }

  private CoapServer server(int port) {
    CoapConfig.register();
    DtlsConfig.register();
    Configuration settings = Configuration.createStandardWithoutFile();
    DTLSConnector connector =
        new DTLSConnector(
            DtlsConnectorConfig.builder(settings)
                .setAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .setAdvancedPskStore(
                    new AdvancedSinglePskStore("gw-1", SECRET.getBytes(StandardCharsets.UTF_8)))
                .build());
    CoapServer server = new CoapServer(settings);
    server.addEndpoint(
        CoapEndpoint.builder().setConfiguration(settings).setConnector(connector).build());
    resource = new Sensor();
    server.add(resource);
    return server;
  }

  @BeforeEach
  void start() {
    server.start();
  }

  @AfterEach
  void stop() {
    drivers.close();
    server.destroy();
  }

  private int port() {
    return server.getEndpoints().get(0).getAddress().getPort();
  }

  private ProtocolDriver driver(String identity, String key) throws Exception {
    Path file = Files.writeString(folder.resolve("sensor.key"), key);
    return driver(Access.preSharedKey(identity, file));
  }

  private ProtocolDriver driver(Access access) {
    DeviceConfig plain =
        TestDevices.device(
            "s",
            "test-sensor",
            "coaps://127.0.0.1:" + port() + "?device=dev",
            Duration.ofSeconds(1));
    return drivers.open(
        new DeviceConfig(
            plain.key(),
            plain.profile(),
            URI.create(plain.endpoint().toString()),
            plain.every(),
            plain.name(),
            null,
            null,
            access));
  }

  @Test
  void withTheRightKeyItIsRead() throws Exception {
    String hex = "hex:736573616d652d6f70656e2d7468652d646f6f72";
    for (String key : List.of(SECRET + "\n", hex, "base64:c2VzYW1lLW9wZW4tdGhlLWRvb3I=")) {
      List<RawValue> values = driver("gw-1", key).read(LEAK);
      assertThat(values.get(0).raw()).isEqualTo(new Raw.Exact(new java.math.BigDecimal("1")));
    }
  }

  @Test
  void aWrongKeyIsNamedByItsFileAndIdentityAndNeverShown() throws Exception {
    for (String identity : List.of("gw-1", "nobody")) {
      ProtocolDriver driver = driver(identity, "not-the-secret");
      DriverException e = catchThrowableOfType(DriverException.class, () -> driver.read(LEAK));
      assertThat(e.reason()).isEqualTo(Cause.NO_CONNECTION);
      assertThat(e)
          .hasMessageContaining("DTLS")
          .hasMessageContaining("identity '" + identity + "'")
          .hasMessageContaining("sensor.key")
          .hasMessageNotContaining("not-the-secret");
    }
  }

  @Test
  void aKeyThatWasMendedNeedsNoRestart() throws Exception {
    ProtocolDriver driver = driver("gw-1", "wrong");
    assertThat(catchThrowableOfType(DriverException.class, () -> driver.read(LEAK))).isNotNull();
    Files.writeString(folder.resolve("sensor.key"), SECRET);
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptionsInstanceOf(DriverException.class)
        .until(() -> driver.read(LEAK).get(0).raw() != null);
  }

  @Test
  void aMissingOrUnreadableKeyFileIsNamed() throws Exception {
    ProtocolDriver none = driver(Access.preSharedKey("gw-1", folder.resolve("gone.key")));
    assertThat(catchThrowableOfType(DriverException.class, () -> none.read(LEAK)))
        .hasMessageContaining("key file " + folder.resolve("gone.key") + " does not exist");
    ProtocolDriver odd = driver("gw-1", "hex:secretxyz");
    assertThat(catchThrowableOfType(DriverException.class, () -> odd.read(LEAK)))
        .hasMessageContaining("sensor.key")
        .hasMessageNotContaining("secretxyz");
  }

  @Test
  void aDeviceThatForgotTheSessionIsReadAgain() throws Exception {
    ProtocolDriver driver = driver("gw-1", SECRET);
    assertThat(driver.read(LEAK)).hasSize(1);
    int port = port();
    server.destroy();
    server = server(port);
    server.start();
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptionsInstanceOf(DriverException.class)
        .until(() -> driver.read(LEAK).get(0).raw() != null);
  }

  @Test
  void aDeviceThatForgotTheSessionIsHeardAgain() throws Exception {
    List<RawValue> heard = new CopyOnWriteArrayList<>();
    SubscribingDriver driver = (SubscribingDriver) driver("gw-1", SECRET);
    driver.subscribe(LEAK, heard::addAll);
    await().atMost(Duration.ofSeconds(60)).until(() -> !heard.isEmpty());
    int port = port();
    server.destroy();
    server = server(port);
    server.start();
    await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(500))
        .ignoreExceptionsInstanceOf(DriverException.class)
        .until(() -> driver.read(LEAK).get(0).raw() != null && resource.getObserverCount() > 0);
    shown.set("0");
    resource.changed();
    Raw dry = new Raw.Exact(BigDecimal.ZERO);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> heard.stream().anyMatch(v -> dry.equals(v.raw())));
  }
}
