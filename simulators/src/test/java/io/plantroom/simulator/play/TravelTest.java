package io.plantroom.simulator.play;

import static org.assertj.core.api.Assertions.assertThat;

import io.plantroom.profile.Profile;
import io.plantroom.profile.Quantity;
import io.plantroom.simulator.TestSite;
import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TravelTest {
  private static final long STEP = 500;
  private static final long SIX_HOURS = 6 * 3_600_000L;

  private final Profile lift = TestSite.profile("test-lift");
  private final Playback play = new Playback(lift, 1, "lift-1");

  @Test
  void allSidesOfATripAgree() {
    for (long t = 0; t < SIX_HOURS; t += STEP) {
      boolean moving = state("moving", t) == 1;
      assertThat(state("direction", t) != 0).as("direction at %s", t).isEqualTo(moving);
      assertThat(state("door-zone", t) == 1).as("door zone at %s", t).isNotEqualTo(moving);
      if (moving) {
        assertThat(state("doors-closed", t)).as("doors at %s", t).isEqualTo(1);
      }
      assertThat(floor(t)).isBetween(1.0, 12.0);
    }
  }

  @Test
  void theFloorChangesOneByOneInTheDirectionThatIsShown() {
    int changes = 0;
    for (long t = STEP; t < SIX_HOURS; t += STEP) {
      double by = floor(t) - floor(t - STEP);
      if (by != 0) {
        changes++;
        assertThat(Math.abs(by)).as("at %s", t).isEqualTo(1);
        // The car may have arrived since: then the direction of a moment ago counts.
        int direction = Math.max(state("direction", t), state("direction", t - STEP));
        assertThat(direction).as("at %s", t).isEqualTo(by > 0 ? 1 : 2);
      }
    }
    assertThat(changes).isGreaterThan(1000);
  }

  @Test
  void runsAreTheTripsThatWereBegun() {
    long begun = 0;
    for (long t = STEP; t <= SIX_HOURS; t += STEP) {
      begun += state("moving", t) == 1 && state("moving", t - STEP) == 0 ? 1 : 0;
    }
    assertThat(begun).isGreaterThan(400);
    assertThat(((Quantity.Counter) show("runs", SIX_HOURS)).value())
        .isEqualByComparingTo(BigDecimal.valueOf(1000 + begun));
  }

  @Test
  void doorsOpenAtBothEndsOfATripAndSomebodyIsOftenInside() {
    long open = 0;
    long inside = 0;
    for (long t = 0; t < SIX_HOURS; t += STEP) {
      open += 1 - state("doors-closed", t);
      inside += state("passenger", t);
    }
    assertThat(open).isGreaterThan(0);
    assertThat(inside).isGreaterThan(0);
  }

  private Quantity show(String point, long millis) {
    return play.show(lift.point(point).orElseThrow(), millis, Map.of(), Map.of()).orElseThrow();
  }

  private int state(String point, long millis) {
    return ((Quantity.State) show(point, millis)).code();
  }

  private double floor(long millis) {
    return ((Quantity.Analog) show("floor", millis)).value();
  }
}
