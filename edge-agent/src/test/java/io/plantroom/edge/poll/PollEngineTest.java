package io.plantroom.edge.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.plantroom.edge.TestDevices;
import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.telemetry.Cause;
import io.plantroom.telemetry.Quality;
import io.plantroom.telemetry.Sample;
import io.plantroom.wire.Event;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PollEngineTest {
  private final ScriptedDriver driver = new ScriptedDriver();
  private final List<Sample> told = new CopyOnWriteArrayList<>();
  private final List<Event.LinkChange> links = new CopyOnWriteArrayList<>();
  private @Nullable PollEngine engine;

  private PollEngine start(DeviceConfig... devices) {
    PollSink sink =
        new PollSink() {
          @Override
          public void onReport(List<Sample> samples) {
            told.addAll(samples);
          }

          @Override
          public void onLink(Event.LinkChange change) {
            links.add(change);
          }
        };
    PollEngine made =
        new PollEngine(
            List.of(devices),
            Map.of("modbus-tcp", driver),
            sink,
            InstantSource.system(),
            ClockTrust.always(),
            Duration.ofMinutes(5));
    engine = made;
    made.start();
    return made;
  }

  private static DeviceConfig device(String key, String host, long everyMillis) {
    String endpoint = "modbus-tcp://" + host + ":502?unit=1";
    return TestDevices.device(key, "test-meter", endpoint, Duration.ofMillis(everyMillis));
  }

  @AfterEach
  void stop() {
    if (engine != null) {
      engine.close();
    }
  }

  @Test
  void devicesOfABusAreNeverAskedAtTheSameTime() {
    driver.script("a", slow());
    driver.script("b", slow());
    start(device("a", "h", 10), device("b", "h", 10));
    await().until(() -> driver.reads("a") > 5 && driver.reads("b") > 5);
    assertThat(driver.mostAtOnce()).isEqualTo(1);
  }

  private static ScriptedDriver.Reading slow() {
    return points -> {
      LockSupport.parkNanos(5_000_000);
      return ScriptedDriver.shows(1).read(points);
    };
  }

  @Test
  void aDeadDeviceCostsAHealthyOneOnItsBusLittleAndOneOnAnotherBusNothing() {
    driver.script("dead", ScriptedDriver.dead(Duration.ofMillis(300)));
    start(device("dead", "h", 50), device("well", "h", 50), device("apart", "i", 50));
    // Without the growing pause the dead one would take six parts of seven of its bus.
    await().atMost(Duration.ofSeconds(8)).until(() -> driver.reads("well") >= 60);
    assertThat(driver.reads("dead")).isLessThan(9);
    assertThat(driver.reads("apart")).isGreaterThanOrEqualTo(driver.reads("well"));
  }

  @Test
  void silenceIsToldOnceForEachPointWithItsCause() {
    driver.script("m", ScriptedDriver.dead(Duration.ZERO));
    start(device("m", "h", 20));
    await().until(() -> driver.reads("m") >= 4);
    int points = TestDevices.profile("test-meter").points().size();
    assertThat(told).hasSize(points);
    assertThat(told)
        .allSatisfy(
            s -> {
              assertThat(s.quality()).isEqualTo(Quality.BAD);
              assertThat(s.cause()).isEqualTo(Cause.TIMEOUT);
              assertThat(s.value()).isNull();
            });
    assertThat(links).hasSize(1);
    assertThat(links.get(0).online()).isFalse();
  }

  @Test
  void aDeviceThatComesBackIsToldAsSuch() {
    driver.script("m", ScriptedDriver.dead(Duration.ZERO));
    start(device("m", "h", 20));
    await().until(() -> links.size() == 1);
    driver.script("m", ScriptedDriver.shows(7));
    await().until(() -> links.size() == 2);
    assertThat(links.get(1).online()).isTrue();
    await().until(() -> told.stream().anyMatch(s -> s.quality() == Quality.GOOD));
  }

  @Test
  void aDriverThatFailsInAnUnforeseenWayStopsNothing() {
    driver.script(
        "hostile",
        points -> {
          throw new NegativeArraySizeException("-1");
        });
    start(device("hostile", "h", 20), device("well", "h", 20));
    await().until(() -> driver.reads("well") > 5 && driver.reads("hostile") > 1);
    assertThat(told)
        .filteredOn(s -> s.device().equals("hostile"))
        .isNotEmpty()
        .allMatch(s -> s.cause() == Cause.INVALID_REPLY);
  }

  @Test
  void unchangedValuesAreToldOnceButCountersEachTime() {
    start(device("m", "h", 20));
    await().until(() -> driver.reads("m") >= 6);
    assertThat(told).filteredOn(s -> s.point().equals("voltage")).hasSize(1);
    assertThat(told).filteredOn(s -> s.point().equals("energy")).hasSizeGreaterThan(4);
  }

  @Test
  void aDeviceSlowerThanItsPeriodLeavesPeriodsOut() {
    driver.script(
        "m",
        points -> {
          LockSupport.parkNanos(60_000_000);
          return ScriptedDriver.shows(1).read(points);
        });
    PollEngine running = start(device("m", "h", 20));
    await().until(() -> driver.reads("m") >= 4);
    assertThat(running.devices().get(0).overruns()).isGreaterThanOrEqualTo(4);
  }

  @Test
  void aSinkThatFailsIsNotTakenForADeviceThatDoes() {
    PollSink full =
        new PollSink() {
          @Override
          public void onReport(List<Sample> samples) {
            throw new IllegalStateException("disk full");
          }
        };
    PollEngine made =
        new PollEngine(
            List.of(device("m", "h", 20)),
            Map.of("modbus-tcp", driver),
            full,
            InstantSource.system(),
            ClockTrust.always(),
            Duration.ofMinutes(5));
    engine = made;
    made.start();
    await().until(() -> driver.reads("m") >= 4);
    assertThat(made.devices().get(0).online()).isTrue();
    assertThat(made.devices().get(0).misses()).isZero();
  }

  @Test
  void aChangeOfLinkThatCouldNotBeToldIsToldByALaterPoll() {
    AtomicInteger failures = new AtomicInteger(3);
    PollSink full =
        new PollSink() {
          @Override
          public void onReport(List<Sample> samples) {}

          @Override
          public void onLink(Event.LinkChange change) {
            if (failures.getAndDecrement() > 0) {
              throw new IllegalStateException("disk full");
            }
            links.add(change);
          }
        };
    PollEngine made =
        new PollEngine(
            List.of(device("m", "h", 20)),
            Map.of("modbus-tcp", driver),
            full,
            InstantSource.system(),
            ClockTrust.always(),
            Duration.ofMinutes(5));
    engine = made;
    made.start();
    await().until(() -> links.size() == 1);
    assertThat(links.get(0).online()).isTrue();
  }

  @Test
  void evenAnErrorDoesNotEndThePollingOfADevice() {
    driver.script(
        "m",
        points -> {
          throw new StackOverflowError("deeply nested answer");
        });
    start(device("m", "h", 20));
    await().until(() -> driver.reads("m") >= 4);
  }

  @Test
  void aDeviceThatIsAskedAsBeforeIsNotDisturbedWhenOthersComeAndGo() {
    DeviceConfig stays = device("stays", "h", 50);
    DeviceConfig goes = device("goes", "h", 50);
    PollEngine engine = start(stays, goes, device("alone", "g", 50));
    await().until(() -> driver.reads("stays") > 3 && driver.reads("alone") > 3);
    int before = links.size();

    DeviceConfig renamed =
        new DeviceConfig(
            "stays",
            stays.profile(),
            stays.endpoint(),
            stays.every(),
            new Event.LocalName("新名", "New name"),
            null,
            null);
    engine.change(List.of(renamed, device("comes", "h", 50), device("elsewhere", "i", 50)));

    long polls = engine.devices().get(0).polls();
    await().until(() -> driver.reads("comes") > 3 && driver.reads("elsewhere") > 3);
    await().until(() -> engine.devices().get(0).polls() > polls + 3);
    int gone = driver.reads("goes");
    int alone = driver.reads("alone");
    int more = driver.reads("stays");
    await().until(() -> driver.reads("stays") > more + 3);
    assertThat(driver.reads("goes")).isEqualTo(gone);
    assertThat(driver.reads("alone")).isEqualTo(alone);
    assertThat(links.subList(before, links.size()))
        .extracting(Event.LinkChange::device)
        .containsExactlyInAnyOrder("comes", "elsewhere");
    assertThat(driver.opened("stays")).isEqualTo(1);
    assertThat(driver.closed("goes")).isEqualTo(1);
    assertThat(engine.devices().get(0).device().name().en()).isEqualTo("New name");
  }

  @Test
  void aDeviceWithoutADriverChangesNothing() {
    PollEngine engine = start(device("a", "h", 50));
    DeviceConfig wrong =
        TestDevices.device("b", "test-meter", "carrier-pigeon://h:1", Duration.ofMillis(50));

    assertThatThrownBy(() -> engine.change(List.of(wrong))).hasMessageContaining("carrier-pigeon");

    int reads = driver.reads("a");
    await().until(() -> driver.reads("a") > reads + 2);
    assertThat(engine.devices()).hasSize(1);
  }

  @Test
  void theDeadOfALineTogetherTakeATenthOfItAfterTheirFirstTry() {
    for (int i = 0; i < 5; i++) {
      driver.script("dead-" + i, ScriptedDriver.dead(Duration.ofMillis(200)));
    }
    long began = System.nanoTime();
    start(
        device("dead-0", "h", 50),
        device("dead-1", "h", 50),
        device("dead-2", "h", 50),
        device("dead-3", "h", 50),
        device("dead-4", "h", 50),
        device("well", "h", 50));
    await().atMost(Duration.ofSeconds(20)).until(() -> driver.reads("well") >= 80);
    double seconds = (System.nanoTime() - began) / 1e9;
    int tries = 0;
    for (int i = 0; i < 5; i++) {
      tries += driver.reads("dead-" + i);
    }
    assertThat(tries).as("in %s s", seconds).isLessThanOrEqualTo(6 + (int) (seconds / 2));
  }

  @Test
  void othersOfTheLineGetTheirTurnBetweenTwoRequestsOfASlowDevice() {
    List<String> order = new CopyOnWriteArrayList<>();
    driver.needsRequestForEachPoint("slow");
    driver.script(
        "slow",
        points -> {
          order.add("slow");
          LockSupport.parkNanos(100_000_000);
          return ScriptedDriver.shows(1).read(points);
        });
    driver.script(
        "well",
        points -> {
          order.add("well");
          return ScriptedDriver.shows(1).read(points);
        });
    start(device("slow", "h", 50), device("well", "h", 50));
    await().until(() -> driver.reads("slow") >= 15);
    int inARow = 0;
    for (int i = 1; i < order.size(); i++) {
      inARow += order.get(i).equals("slow") && order.get(i - 1).equals("slow") ? 1 : 0;
    }
    // Before the first poll of the other nothing else can be asked.
    assertThat(inARow).as("%s", order).isLessThanOrEqualTo(2);
  }

  @Test
  void anErrandHasTheLineToItself() throws Exception {
    driver.script("m", slow());
    PollEngine running = start(device("m", "h", 10), device("n", "h", 10));
    await().until(() -> driver.reads("n") > 2);
    int points =
        running
            .during("m", d -> d.read(TestDevices.profile("test-meter").points()).size())
            .get(10, TimeUnit.SECONDS);
    assertThat(points).isEqualTo(TestDevices.profile("test-meter").points().size());
    assertThat(driver.mostAtOnce()).isEqualTo(1);
    assertThat(running.during("unknown", d -> 1)).isCompletedExceptionally();
  }

  @Test
  void manyBlockingDevicesThatHangDoNotKeepAHealthyOneWaiting() {
    DeviceConfig[] devices = new DeviceConfig[61];
    for (int i = 0; i < 60; i++) {
      devices[i] = device("dead-" + i, "h" + i, 50);
      driver.script("dead-" + i, ScriptedDriver.dead(Duration.ofSeconds(2)));
    }
    devices[60] = device("well", "w", 50);
    start(devices);
    await().until(() -> driver.reads("well") >= 20);
    assertThat(driver.reads("dead-0")).isLessThanOrEqualTo(driver.reads("well") / 4);
  }
}
