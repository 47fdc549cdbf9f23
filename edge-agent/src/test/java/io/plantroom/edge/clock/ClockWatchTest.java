package io.plantroom.edge.clock;

import static org.assertj.core.api.Assertions.assertThat;

import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import io.plantroom.wire.Event;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("faults")
class ClockWatchTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Instant EPOCH = Instant.ofEpochSecond(5);

  private Instant wall = NOON;
  private long nanos = 77_000_000_000L;
  private boolean set = true;

  private ClockWatch watch() {
    return new ClockWatch(() -> wall, () -> nanos, () -> set);
  }

  private void pass(ClockWatch watch, int seconds) {
    for (int i = 0; i < seconds; i++) {
      wall = wall.plusSeconds(1);
      nanos += 1_000_000_000L;
      watch.trusted();
    }
  }

  private Sample read(ClockWatch watch) {
    Instant at = wall;
    return Sample.good("m", "p", at, new Value.State(1)).withClockTrusted(watch.trusted());
  }

  @Test
  void aClockThatOnlyRunsIsTrusted() {
    ClockWatch watch = watch();
    pass(watch, 3600);
    assertThat(read(watch).clockTrusted()).isTrue();
  }

  @Test
  void whatWasRecordedIn1970GetsItsTimeOnceThatIsKnown() {
    wall = EPOCH;
    ClockWatch watch = watch();
    pass(watch, 60);
    Sample first = read(watch);
    Event link = new Event.LinkChange(wall, watch.trusted(), "m", true, null);
    pass(watch, 30);
    Sample second = read(watch);
    assertThat(first.clockTrusted()).isFalse();
    assertThat(watch.restamp(first)).as("not before it is known").isEqualTo(first);
    pass(watch, 10);
    wall = NOON;
    Sample third = read(watch);
    assertThat(third.clockTrusted()).isTrue();
    assertThat(watch.restamp(third)).isEqualTo(third);
    assertThat(watch.restamp(second).at()).isEqualTo(NOON.minusSeconds(10));
    assertThat(watch.restamp(second).clockTrusted()).isTrue();
    assertThat(watch.restamp(first).at()).isEqualTo(NOON.minusSeconds(40));
    assertThat(watch.restamp(link))
        .isEqualTo(new Event.LinkChange(NOON.minusSeconds(40), true, "m", true, null));
  }

  @Test
  void aTimeTakenJustBeforeTheClockWasMendedIsMarkedAndMended() {
    ClockWatch watch = watch();
    for (int hours : new int[] {2, -2}) {
      Duration jump = Duration.ofHours(hours);
      wall = wall.plus(jump);
      pass(watch, 60);
      Instant answered = wall;
      wall = wall.minus(jump);
      assertThat(watch.trusted()).as("%s h", hours).isTrue();
      assertThat(watch.wasWrong(answered)).as("%s h", hours).isTrue();
      assertThat(watch.wasWrong(wall)).as("%s h", hours).isFalse();
      Sample late = Sample.good("m", "p", answered, new Value.State(1)).withClockTrusted(false);
      assertThat(watch.restamp(late).at()).isEqualTo(wall);
      pass(watch, 120);
      assertThat(watch.wasWrong(answered)).as("nothing waits that long").isFalse();
    }
  }

  @Test
  void beforeTheMachineHasSetItsClockNothingIsTrustedHoweverGoodItLooks() {
    set = false;
    ClockWatch watch = watch();
    pass(watch, 5);
    Sample early = read(watch);
    assertThat(early.clockTrusted()).isFalse();
    pass(watch, 5);
    wall = wall.plusSeconds(100);
    set = true;
    assertThat(watch.trusted()).isTrue();
    assertThat(watch.restamp(early).at()).isEqualTo(early.at().plusSeconds(100));
  }

  @Test
  void afterAJumpRecordsAreMarkedAndMendedWhenItIsTakenBack() {
    for (int hours : new int[] {2, -2}) {
      wall = NOON;
      ClockWatch watch = watch();
      pass(watch, 20);
      Instant truth = wall;
      wall = wall.plus(Duration.ofHours(hours));
      Sample wrong = read(watch);
      assertThat(wrong.clockTrusted()).isFalse();
      pass(watch, 100);
      assertThat(watch.trusted()).isFalse();
      wall = wall.minus(Duration.ofHours(hours));
      assertThat(watch.trusted()).isTrue();
      assertThat(watch.restamp(wrong).at()).isEqualTo(truth);
    }
  }

  @Test
  void aJumpThatNobodyTakesBackIsBelievedAfterAWhileButWhatCameBetweenStaysMarked() {
    ClockWatch watch = watch();
    pass(watch, 20);
    wall = wall.plus(Duration.ofHours(2));
    Sample between = read(watch);
    pass(watch, 590);
    assertThat(watch.trusted()).isFalse();
    pass(watch, 20);
    assertThat(watch.trusted()).isTrue();
    assertThat(watch.restamp(between)).isEqualTo(between);
  }

  @Test
  void aClockThatIsDrawnSlowlyIsNoJump() {
    ClockWatch watch = watch();
    for (int i = 0; i < 1000; i++) {
      wall = wall.plusMillis(5);
      pass(watch, 1);
      assertThat(watch.trusted()).isTrue();
    }
  }

  @Test
  void recordsOfAnEarlierRunStayMarked() {
    wall = EPOCH;
    ClockWatch watch = watch();
    pass(watch, 60);
    wall = NOON;
    assertThat(watch.trusted()).isTrue();
    Sample old =
        Sample.good("m", "p", EPOCH.plusSeconds(5000), new Value.State(1)).withClockTrusted(false);
    assertThat(watch.restamp(old)).isEqualTo(old);
  }
}
