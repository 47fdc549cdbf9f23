package io.plantroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plantroom.profile.Point;
import io.plantroom.profile.Quantity;
import io.plantroom.simulator.building.Building;
import io.plantroom.simulator.device.PlayedDevice;
import io.plantroom.yaml.YamlFile;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedBuildingTest {
  private static final Duration DAY = Duration.ofDays(1);

  private final HandClock clock = new HandClock(TestSite.SINCE.plus(DAY));
  private final Options options = TestSite.options().withClock(clock);

  @Test
  void afterARestartEveryPointGoesOnAsIfNothingHadHappened() throws IOException {
    try (SimulatedBuilding one = SimulatedBuilding.start(options)) {
      clock.go(DAY);
      try (SimulatedBuilding two = SimulatedBuilding.start(options)) {
        for (PlayedDevice device : one.devices()) {
          for (Point point : device.profile().points()) {
            Optional<Quantity> value = device.now().of(point);
            assertThat(value).as(point.name()).isPresent();
            assertThat(two.device(device.key()).now().of(point)).isEqualTo(value);
          }
        }
      }
    }
  }

  @Test
  void historyIsWhatTheRegisterShowedThen() throws IOException {
    try (SimulatedBuilding building = SimulatedBuilding.start(options)) {
      Instant then = clock.instant();
      BigDecimal live = live(building, "meter-1", "energy");
      clock.go(DAY);
      assertThat(building.register("meter-1", "energy", then)).isEqualByComparingTo(live);
      assertThat(live(building, "meter-1", "energy")).isGreaterThan(live);
      assertThat(building.register("meter-1", "energy", clock.instant()))
          .isEqualByComparingTo(live(building, "meter-1", "energy"));
    }
  }

  @Test
  void aResetStartsCountersFromZeroAndLeavesThePastAlone() throws IOException {
    try (SimulatedBuilding building = SimulatedBuilding.start(options)) {
      Instant before = clock.instant();
      final BigDecimal shown = building.register("meter-1", "energy", before);
      clock.go(Duration.ofMinutes(1));
      building.show("meter-1", "counter-reset", true);
      assertThat(live(building, "meter-1", "energy")).isEqualByComparingTo("0");
      clock.go(Duration.ofHours(2));
      assertThat(live(building, "meter-1", "energy")).isPositive().isLessThan(new BigDecimal("20"));
      assertThat(building.register("meter-1", "energy", before)).isEqualByComparingTo(shown);
      building.show("meter-1", "counter-reset", false);
      assertThat(live(building, "meter-1", "energy")).isGreaterThan(shown);
    }
  }

  @Test
  void aRolloverPassesTheLastDigitWithinAMinute() throws IOException {
    try (SimulatedBuilding building = SimulatedBuilding.start(options)) {
      while (live(building, "meter-1", "running").signum() == 0) {
        clock.go(Duration.ofMinutes(1));
      }
      building.show("meter-1", "counter-rollover", true);
      assertThat(live(building, "meter-1", "energy")).isBetween(bd("999990"), bd("999999.99"));
      assertThat(live(building, "meter-1", "hours")).isEqualByComparingTo("65535");
      clock.go(Duration.ofMinutes(1));
      assertThat(live(building, "meter-1", "energy")).isLessThan(bd("10"));
    }
  }

  @Test
  void aFaultGoesOffByItselfWhenItsTimeIsOver() throws IOException {
    try (SimulatedBuilding building = SimulatedBuilding.start(options)) {
      building.show("meter-1", "trip", Duration.ofSeconds(30));
      assertThat(live(building, "meter-1", "tripped")).isEqualByComparingTo("1");
      assertThat(building.device("meter-1").shown()).containsExactly("trip");
      assertThat(live(building, "meter-2", "tripped")).isEqualByComparingTo("0");
      clock.go(Duration.ofSeconds(31));
      assertThat(live(building, "meter-1", "tripped")).isEqualByComparingTo("0");
      assertThat(building.device("meter-1").shown()).isEmpty();
    }
  }

  @Test
  void aLiftThatIsHeldStaysAtItsFloor() throws IOException {
    try (SimulatedBuilding building = SimulatedBuilding.start(options)) {
      while (live(building, "lift-1", "moving").signum() == 0) {
        clock.go(Duration.ofSeconds(1));
      }
      final BigDecimal floor = live(building, "lift-1", "floor");
      building.show("lift-1", "trapped", true);
      for (int second = 0; second < 120; second++) {
        clock.go(Duration.ofSeconds(1));
        assertThat(live(building, "lift-1", "floor")).isEqualByComparingTo(floor);
        assertThat(live(building, "lift-1", "moving")).isEqualByComparingTo("0");
        assertThat(live(building, "lift-1", "doors-closed")).isEqualByComparingTo("1");
      }
    }
  }

  @Test
  void whatIsNotThereIsSaid() throws IOException {
    try (SimulatedBuilding building = SimulatedBuilding.start(options)) {
      assertThatThrownBy(() -> building.show("meter-9", "trip", true))
          .isInstanceOf(NoSuchElementException.class)
          .hasMessage("no device 'meter-9'");
      assertThatThrownBy(() -> building.show("meter-1", "melt", true))
          .hasMessageContaining("device 'meter-1' has no fault 'melt'; it has trip, hang, slow");
      assertThatThrownBy(
              () -> building.register("meter-1", "energy", TestSite.SINCE.minusSeconds(1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the building begins at 2026-10-01T00:00:00Z");
    }
  }

  @Test
  void withoutABeginningTheStateFolderRemembersTheFirstStart(@TempDir Path state) throws Exception {
    String text = Files.readString(TestSite.resource("small-building.yaml"));
    Building timeless =
        Building.load(
            YamlFile.parse("b", text.replaceAll("(?m)^since.*\\n", "")), TestSite.catalog());
    Options fresh =
        new Options(timeless, TestSite.catalog(), 1, state, "127.0.0.1", 0, clock, null);
    final Instant since;
    try (SimulatedBuilding first = SimulatedBuilding.start(fresh)) {
      since = first.since();
      assertThat(since).isEqualTo(clock.instant().minus(Duration.ofDays(30)));
    }
    clock.go(DAY);
    try (SimulatedBuilding second = SimulatedBuilding.start(fresh)) {
      assertThat(second.since()).isEqualTo(since);
    }
    Files.writeString(state.resolve("since"), "long ago");
    assertThatThrownBy(() -> SimulatedBuilding.start(fresh))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("since: expected an instant such as");
  }

  @Test
  void onAllAddressesCallersAreSentToOneAndTheFaultApiStaysAtHome() throws Exception {
    try (SimulatedBuilding building = SimulatedBuilding.start(options.withBind("0.0.0.0"))) {
      for (PlayedDevice device : building.devices()) {
        assertThat(building.endpoint(device.key()).getHost()).isEqualTo("127.0.0.1");
      }
      InetAddress loopback = InetAddress.getLoopbackAddress();
      try (Socket bus = new Socket(loopback, building.port("modbus-1"));
          ServerSocket otherAddress =
              new ServerSocket(building.apiPort(), 1, InetAddress.getByName("127.0.0.2"))) {
        assertThat(bus.isConnected()).isTrue();
        assertThat(otherAddress.isBound()).isTrue();
      }
    }
  }

  @Test
  void aTakenPortIsSaidWithTheNameOfItsBus() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String text =
          Files.readString(TestSite.resource("small-building.yaml"))
              .replaceFirst("modbus, port: 0", "modbus, port: " + taken.getLocalPort());
      Options clash = Options.of(YamlFile.parse("b", text), TestSite.catalog()).withClock(clock);
      assertThatThrownBy(() -> SimulatedBuilding.start(clash))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("bus 'modbus-1', port " + taken.getLocalPort() + ": cannot listen");
    }
  }

  private static BigDecimal live(SimulatedBuilding building, String device, String point) {
    PlayedDevice played = building.device(device);
    Quantity value = played.now().of(played.profile().point(point).orElseThrow()).orElseThrow();
    if (value instanceof Quantity.Counter counter) {
      return counter.value();
    }
    return value instanceof Quantity.Analog analog
        ? BigDecimal.valueOf(analog.value())
        : BigDecimal.valueOf(((Quantity.State) value).code());
  }

  private static BigDecimal bd(String text) {
    return new BigDecimal(text);
  }
}
