package io.plantroom.edge.driver.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.RawValue;
import io.plantroom.edge.driver.SubscribingDriver;
import io.plantroom.profile.Point;
import io.plantroom.profile.Profile;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.profile.Raw;
import io.plantroom.simulator.device.PlayedDevice;
import io.plantroom.simulator.opcua.OpcUaBus;
import io.plantroom.telemetry.Cause;
import io.plantroom.telemetry.Quality;
import io.plantroom.wire.Event;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a Milo server behind a line that can be stopped. */
class OpcUaSubscriptionTest {
  private static final InstantSource CLOCK = InstantSource.system();

  @SuppressWarnings("NullAway.Init") // filled in by JUnit
  @TempDir
  Path folder;

  private final Profile lift = ProfileCatalog.builtIn().find("generic-lift").orElseThrow();
  private final PlayedDevice played =
      new PlayedDevice("lift-1", lift, 1, "lift-1", Instant.now().minusSeconds(60), CLOCK);
  private final List<RawValue> heard = new CopyOnWriteArrayList<>();

  @SuppressWarnings("NullAway.Init") // made before each test
  private OpcUaBus server;

  @SuppressWarnings("NullAway.Init") // made before each test
  private Wire wire;

  @SuppressWarnings("NullAway.Init") // made before each test
  private OpcUaDrivers drivers;

  @BeforeEach
  void start() throws Exception {
    server = OpcUaBus.open("127.0.0.1", 0, List.of(played));
    wire = new Wire(server.port());
    drivers = new OpcUaDrivers(folder, CLOCK);
  }

  @AfterEach
  void stop() throws Exception {
    drivers.close();
    wire.close();
    server.close();
  }

  private SubscribingDriver driver(String more) {
    URI endpoint =
        URI.create("opc.tcp://127.0.0.1:" + wire.port() + "/plantroom?device=lift-1" + more);
    DeviceConfig device =
        new DeviceConfig(
            "lift-1",
            lift,
            endpoint,
            Duration.ofMillis(200),
            new Event.LocalName("梯", "lift"),
            null,
            null);
    SubscribingDriver driver = (SubscribingDriver) drivers.open(device);
    driver.subscribe(lift.points(), heard::addAll);
    return driver;
  }

  private static ConditionFactory patiently() {
    return await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(200));
  }

  private static RawValue of(List<RawValue> values, String point) {
    return values.stream().filter(v -> v.point().equals(point)).findFirst().orElseThrow();
  }

  private boolean isTrapped(boolean trapped) {
    Raw wanted = new Raw.Whole(trapped ? 1 : 0);
    return heard.stream().anyMatch(v -> v.point().equals("trapped") && wanted.equals(v.raw()));
  }

  /** Reads as the engine does, again and again; what is asked for is heard, not read. */
  private static Callable<Boolean> readUntil(
      SubscribingDriver driver, List<Point> points, Callable<Boolean> goal) {
    return () -> {
      try {
        var unused = driver.read(points);
      } catch (DriverException e) {
        // Away, or silent: it is asked again.
      }
      return goal.call();
    };
  }

  private void trap() {
    heard.clear();
    played.show("trapped", null);
  }

  @Test
  void aChangeIsHeardWithoutARead() throws Exception {
    SubscribingDriver driver = driver("");
    assertThat(of(driver.read(lift.points()), "trapped").raw()).isEqualTo(new Raw.Whole(0));
    trap();
    patiently().until(() -> isTrapped(true));
    assertThat(of(driver.read(lift.points()), "trapped").raw()).isEqualTo(new Raw.Whole(1));
  }

  @Test
  void whatWasThereBeforeTheServersFirstWordIsToldToo() throws Exception {
    SubscribingDriver driver = driver("");
    RawValue first = of(driver.read(lift.points()), "trapped");
    assertThat(heard).contains(first);
  }

  @Test
  void whatIsReadIsAsOfTheServersLastWord() throws Exception {
    SubscribingDriver driver = driver("");
    Instant before = of(driver.read(lift.points()), "trapped").at();
    patiently()
        .untilAsserted(
            () -> assertThat(of(driver.read(lift.points()), "trapped").at()).isAfter(before));
    wire.stop();
    patiently()
        .until(
            () -> {
              Instant word = of(driver.read(lift.points()), "trapped").at();
              return Duration.between(word, Instant.now()).toMillis() > 1000;
            });
  }

  @Test
  void aPointThatTheServerDoesNotHaveIsBadAndTheOthersGoOn() throws Exception {
    Profile other = io.plantroom.edge.TestDevices.profile("test-lift");
    URI endpoint = URI.create("opc.tcp://127.0.0.1:" + wire.port() + "/plantroom?device=lift-1");
    SubscribingDriver driver =
        (SubscribingDriver)
            drivers.open(
                new DeviceConfig(
                    "lift-1",
                    other,
                    endpoint,
                    Duration.ofMillis(200),
                    new Event.LocalName("梯", "lift"),
                    null,
                    null));
    driver.subscribe(other.points(), heard::addAll);
    for (int i = 0; i < 3; i++) {
      List<RawValue> values = driver.read(other.points());
      assertThat(of(values, "trapped").quality()).isEqualTo(Quality.GOOD);
      assertThat(of(values, "colour").cause()).isEqualTo(Cause.NOT_AVAILABLE);
    }
    trap();
    patiently().until(() -> isTrapped(true));
  }

  @Test
  void aServerThatRefusesSubscriptionsIsReadAndAskedAgainAfterTenMinutes() throws Exception {
    AtomicLong ahead = new AtomicLong();
    drivers.close();
    drivers = new OpcUaDrivers(folder, CLOCK, () -> System.nanoTime() + ahead.get());
    server.refuseSubscriptions(true);
    SubscribingDriver driver = driver("");
    assertThat(of(driver.read(lift.points()), "trapped").raw()).isEqualTo(new Raw.Whole(0));
    server.refuseSubscriptions(false);
    trap();
    ahead.set(Duration.ofMinutes(9).toNanos());
    assertThat(of(driver.read(lift.points()), "trapped").raw()).isEqualTo(new Raw.Whole(1));
    assertThat(heard).isEmpty();

    ahead.set(Duration.ofMinutes(11).toNanos());
    assertThat(driver.read(lift.points())).isNotEmpty();

    patiently().until(() -> isTrapped(true));
    played.clear("trapped");
    patiently().until(() -> isTrapped(false));
  }

  @Test
  void afterARestartOfTheServerEverythingIsSubscribedAgain() throws Exception {
    SubscribingDriver driver = driver("");
    assertThat(driver.read(lift.points())).isNotEmpty();
    int port = server.port();
    server.close();
    server = OpcUaBus.open("127.0.0.1", port, List.of(played));
    trap();
    patiently().until(readUntil(driver, lift.points(), () -> isTrapped(true)));
    played.clear("trapped");
    heard.clear();
    patiently().until(readUntil(driver, lift.points(), () -> isTrapped(false)));
  }

  @Test
  void aSessionThatTheServerForgotIsBegunAgain() throws Exception {
    SubscribingDriver driver = driver("");
    assertThat(driver.read(lift.points())).isNotEmpty();
    server.endSessions();
    trap();
    patiently().until(readUntil(driver, lift.points(), () -> isTrapped(true)));
  }

  @Test
  void aServerThatFallsSilentIsAnOutageAndIsReadAgainWhenItSpeaks() throws Exception {
    SubscribingDriver driver = driver("");
    assertThat(driver.read(lift.points())).isNotEmpty();
    wire.stop();
    patiently()
        .until(
            () ->
                catchThrowableOfType(DriverException.class, () -> driver.read(lift.points()))
                    != null);
    wire.goOn();
    trap();
    patiently().until(readUntil(driver, lift.points(), () -> isTrapped(true)));
  }

  @Test
  void aServerThatAcceptsAndSaysNothingIsNamedAndCostsItsPatienceOnce() {
    wire.stop();
    SubscribingDriver driver = driver("");
    DriverException first =
        catchThrowableOfType(DriverException.class, () -> driver.read(lift.points()));
    assertThat(first).hasMessageContaining("does not answer");
    long began = System.nanoTime();
    DriverException second =
        catchThrowableOfType(DriverException.class, () -> driver.read(lift.points()));
    assertThat(second).isSameAs(first);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
  }

  @Test
  void withANewCertificateOfThisGatewayEverythingIsSubscribedAgain() throws Exception {
    SubscribingDriver driver = driver("");
    assertThat(driver.read(lift.points())).isNotEmpty();
    List<String> before = server.callers();
    var unused = OpcUaIdentity.renew(folder);
    patiently()
        .until(
            readUntil(
                driver,
                lift.points(),
                () -> !server.callers().isEmpty() && !server.callers().equals(before)));
    assertThat(driver.read(lift.points())).isNotEmpty();
    trap();
    // Without a read: it is told in the new session.
    patiently().until(() -> isTrapped(true));
  }

  @Test
  void ashortCutOfTheLineLosesNoChange() throws Exception {
    SubscribingDriver driver = driver("");
    assertThat(driver.read(lift.points())).isNotEmpty();
    wire.cut();
    trap();
    patiently().until(readUntil(driver, lift.points(), () -> isTrapped(true)));
  }

  @Test
  void aDeviceThatHangsBehindATalkingServerIsFoundByTheProbe() throws Exception {
    SubscribingDriver driver = driver("");
    assertThat(driver.read(lift.points())).isNotEmpty();
    played.show("hang", null);
    patiently()
        .until(
            () ->
                catchThrowableOfType(DriverException.class, () -> driver.read(lift.points()))
                    != null);
    played.clear("hang");
    trap();
    patiently().until(readUntil(driver, lift.points(), () -> isTrapped(true)));
  }
}
