package io.plantroom.edge.alarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plantroom.edge.TestDevices;
import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.telemetry.Cause;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import io.plantroom.wire.Event;
import io.plantroom.wire.Event.AlarmChange;
import io.plantroom.wire.Event.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlarmWatchTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  @SuppressWarnings("NullAway.Init") // filled in by JUnit
  @TempDir
  Path folder;

  private final DeviceConfig meter =
      TestDevices.device("m", "test-meter", "modbus-tcp://h:1?unit=1", Duration.ofSeconds(1));
  private final List<AlarmChange> told = new ArrayList<>();

  private AlarmWatch watch(List<DeviceConfig> devices) {
    return new AlarmWatch(
        devices,
        folder.resolve("alarms.json"),
        events -> events.forEach(this::keep),
        InstantSource.fixed(NOON));
  }

  private void keep(Event event) {
    told.add((AlarmChange) event);
  }

  private Sample voltage(int second, double volts) {
    return Sample.good("m", "voltage", NOON.plusSeconds(second), new Value.Analog(volts));
  }

  private void judge(AlarmWatch watch, Sample... samples) {
    watch.judge(meter, List.of(samples));
  }

  @Test
  void anAlarmWaitsForItsDelayAndTellsWhatDecided() {
    AlarmWatch watch = watch(List.of(meter));
    judge(watch, voltage(0, 251));
    judge(watch, voltage(9, 252));
    assertThat(told).isEmpty();
    judge(watch, voltage(10, 253));
    assertThat(told).hasSize(1);
    AlarmChange raised = told.get(0);
    assertThat(raised.change()).isEqualTo(Change.RAISED);
    assertThat(raised.alarm()).isEqualTo("over-voltage");
    assertThat(raised.point()).isEqualTo("voltage");
    assertThat(raised.value()).isEqualTo("253.0");
    assertThat(raised.at()).isEqualTo(NOON.plusSeconds(10));
  }

  @Test
  void aConditionThatGoesAwayInTimeRaisesNothing() {
    AlarmWatch watch = watch(List.of(meter));
    judge(watch, voltage(0, 251));
    judge(watch, voltage(5, 240));
    judge(watch, voltage(11, 251));
    judge(watch, voltage(20, 251));
    assertThat(told).isEmpty();
  }

  @Test
  void theEndNeedsTheDeadbandAndItsOwnDelayAndCarriesTheSameOccurrence() {
    AlarmWatch watch = watch(List.of(meter));
    judge(watch, voltage(0, 251));
    judge(watch, voltage(10, 251));
    judge(watch, voltage(20, 246));
    judge(watch, voltage(60, 246));
    assertThat(told).as("246 is within the deadband of 5 below 250").hasSize(1);
    judge(watch, voltage(70, 244));
    judge(watch, voltage(89, 244));
    assertThat(told).hasSize(1);
    judge(watch, voltage(90, 244));
    assertThat(told).extracting(AlarmChange::change).containsExactly(Change.RAISED, Change.CLEARED);
    assertThat(told.get(1).occurrence()).isEqualTo(told.get(0).occurrence());
  }

  @Test
  void aBadSampleNeitherRaisesNorClears() {
    AlarmWatch watch = watch(List.of(meter));
    judge(watch, voltage(0, 251));
    judge(watch, voltage(10, 251));
    judge(watch, Sample.bad("m", "voltage", NOON.plusSeconds(50), Cause.TIMEOUT));
    judge(watch, Sample.bad("m", "voltage", NOON.plusSeconds(500), Cause.TIMEOUT));
    assertThat(told).hasSize(1);
    assertThat(watch.raised()).isEqualTo(1);
  }

  @Test
  void anAlarmMayHoldOnlyWhilstAnotherPointShowsSomething() {
    AlarmWatch watch = watch(List.of(meter));
    Sample power = Sample.good("m", "power", NOON, new Value.Analog(500));
    judge(watch, power);
    assertThat(told).as("the other point is not known yet").isEmpty();
    judge(watch, power, Sample.good("m", "running", NOON, new Value.State(1)));
    assertThat(told).isEmpty();
    judge(watch, power, Sample.good("m", "running", NOON, new Value.State(0)));
    assertThat(told).extracting(AlarmChange::alarm).containsExactly("idle-load");
  }

  @Test
  void aRestartNeitherRaisesAgainNorForgetsToClear() {
    AlarmWatch watch = watch(List.of(meter));
    judge(watch, voltage(0, 251));
    judge(watch, voltage(10, 251));
    AlarmWatch again = watch(List.of(meter));
    judge(again, voltage(20, 251));
    judge(again, voltage(40, 251));
    assertThat(told).hasSize(1);
    judge(again, voltage(50, 230));
    judge(again, voltage(70, 230));
    assertThat(told).hasSize(2);
    assertThat(told.get(1).change()).isEqualTo(Change.CLEARED);
    assertThat(told.get(1).occurrence()).isEqualTo(told.get(0).occurrence());
    assertThat(watch(List.of(meter)).raised()).isZero();
  }

  @Test
  void anAlarmOfADeviceThatIsNoLongerConfiguredIsCleared() {
    AlarmWatch watch = watch(List.of(meter));
    judge(watch, voltage(0, 251));
    judge(watch, voltage(10, 251));
    AlarmWatch without = watch(List.of());
    assertThat(told).extracting(AlarmChange::change).containsExactly(Change.RAISED, Change.CLEARED);
    assertThat(without.raised()).isZero();
  }

  @Test
  void anAlarmWhoseEventCouldNotBeKeptIsToldAfterTheRestartWithTheSameOccurrence() {
    List<AlarmChange> tried = new ArrayList<>();
    AlarmWatch failing =
        new AlarmWatch(
            List.of(meter),
            folder.resolve("alarms.json"),
            events -> {
              tried.add((AlarmChange) events.get(0));
              throw new IllegalStateException("disk full");
            },
            InstantSource.fixed(NOON));
    judge(failing, voltage(0, 251));
    assertThatThrownBy(() -> judge(failing, voltage(10, 251))).hasMessage("disk full");
    watch(List.of(meter));
    assertThat(told).hasSize(1);
    assertThat(told.get(0).occurrence()).isEqualTo(tried.get(0).occurrence());
  }

  @Test
  void whatCouldNotBeToldIsToldWithTheNextSampleAsTheSameOccurrence() {
    AtomicInteger failures = new AtomicInteger(2);
    List<UUID> tried = new ArrayList<>();
    AlarmWatch watch =
        new AlarmWatch(
            List.of(meter),
            folder.resolve("alarms.json"),
            events -> {
              tried.add(((AlarmChange) events.get(0)).occurrence());
              if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("disk full");
              }
              events.forEach(this::keep);
            },
            InstantSource.fixed(NOON));
    judge(watch, voltage(0, 251));
    for (int second = 10; second < 12; second++) {
      Sample sample = voltage(second, 252);
      assertThatThrownBy(() -> judge(watch, sample)).hasMessage("disk full");
    }
    judge(watch, voltage(12, 252));
    judge(watch, voltage(13, 252));
    assertThat(told).hasSize(1);
    assertThat(told.get(0).change()).isEqualTo(Change.RAISED);
    assertThat(tried).hasSize(3).containsOnly(told.get(0).occurrence());
  }

  @Test
  void anAlarmIsToldAlsoWhenItsMemoryCannotBeWrittenAndIsRememberedAsSoonAsItCan()
      throws IOException {
    Path later = folder.resolve("later");
    AlarmWatch watch =
        new AlarmWatch(
            List.of(meter),
            later.resolve("alarms.json"),
            events -> events.forEach(this::keep),
            InstantSource.fixed(NOON));
    judge(watch, voltage(0, 251));
    judge(watch, voltage(10, 251));
    assertThat(told).extracting(AlarmChange::change).containsExactly(Change.RAISED);
    Files.createDirectory(later);
    watch.settle();
    AlarmWatch again =
        new AlarmWatch(
            List.of(meter),
            later.resolve("alarms.json"),
            events -> events.forEach(this::keep),
            InstantSource.fixed(NOON));
    judge(again, voltage(20, 240));
    judge(again, voltage(40, 240));
    assertThat(told).extracting(AlarmChange::change).containsExactly(Change.RAISED, Change.CLEARED);
    assertThat(told.get(1).occurrence()).isEqualTo(told.get(0).occurrence());
  }

  @Test
  void aStartThatFindsNoRoomForWhatItHasToTellTellsItLaterAndBeforeItsEnd() {
    AtomicBoolean full = new AtomicBoolean(true);
    Path file = folder.resolve("alarms.json");
    Consumer<List<Event>> events =
        more -> {
          if (full.get()) {
            throw new IllegalStateException("disk full");
          }
          more.forEach(this::keep);
        };
    AlarmWatch before = new AlarmWatch(List.of(meter), file, events, InstantSource.fixed(NOON));
    judge(before, voltage(0, 251));
    assertThatThrownBy(() -> judge(before, voltage(10, 251))).hasMessage("disk full");
    AlarmWatch watch = new AlarmWatch(List.of(meter), file, events, InstantSource.fixed(NOON));
    assertThatThrownBy(watch::settle).hasMessage("disk full");
    full.set(false);
    judge(watch, voltage(20, 240));
    judge(watch, voltage(40, 240));
    watch.settle();
    assertThat(told).extracting(AlarmChange::change).containsExactly(Change.RAISED, Change.CLEARED);
  }

  @Test
  void anAlarmThatEndedBeforeThereWasRoomForItIsToldAllTheSameWithItsTime() {
    AtomicBoolean full = new AtomicBoolean(true);
    AlarmWatch watch =
        new AlarmWatch(
            List.of(meter),
            folder.resolve("alarms.json"),
            events -> {
              if (full.get()) {
                throw new IllegalStateException("disk full");
              }
              events.forEach(this::keep);
            },
            InstantSource.fixed(NOON));
    judge(watch, voltage(0, 251));
    assertThatThrownBy(() -> judge(watch, voltage(10, 251))).hasMessage("disk full");
    judge(watch, voltage(20, 240));
    full.set(false);
    judge(watch, voltage(40, 240));
    assertThat(told).as("nobody has looked yet").isEmpty();
    watch.settle();
    judge(watch, voltage(50, 240));
    judge(watch, voltage(70, 240));
    assertThat(told).extracting(AlarmChange::change).containsExactly(Change.RAISED, Change.CLEARED);
    assertThat(told.get(0).at()).isEqualTo(NOON.plusSeconds(10));
  }
}
