package io.plantroom.simulator.play;

import io.plantroom.profile.Profile;
import io.plantroom.profile.Signal;
import io.plantroom.profile.Trigger;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Builds the course of every point of one device, each from those that it names. */
final class Courses {
  private final Profile profile;
  private final Chance device;
  private final Map<String, Course> done = new HashMap<>();
  private final Set<String> begun = new HashSet<>();

  Courses(Profile profile, Chance device) {
    this.profile = profile;
    this.device = device;
  }

  /**
   * What the point shows when no fault is on.
   *
   * @throws IllegalArgumentException when signals refer to each other in a circle
   */
  Course of(String point) {
    Course known = done.get(point);
    if (known != null) {
      return known;
    }
    if (!begun.add(point)) {
      throw new IllegalArgumentException(
          "profile '" + profile.profile() + "': the signal of '" + point + "' refers to itself");
    }
    Signal signal = profile.simulation().signal(point);
    Course course = signal == null ? millis -> 0 : gated(signal, free(point, signal));
    done.put(point, course);
    return course;
  }

  /** The course without its {@code whilst}. */
  Course free(String point, Signal signal) {
    if (signal.constant() != null) {
      double value = signal.constant().doubleValue();
      return millis -> value;
    }
    if (signal.wave() != null) {
      return new WaveCourse(signal.wave(), device, device.and(point));
    }
    if (signal.cycle() != null) {
      return new CycleCourse(signal.cycle(), device);
    }
    if (signal.travel() != null) {
      return new TravelCourse(signal.travel(), device);
    }
    if (signal.integral() != null || signal.edges() != null) {
      Counter counter = counter(point, signal);
      return millis -> counter.at(millis).doubleValue();
    }
    return millis -> 0;
  }

  /** A counter's own whilst decides when it counts, not what it shows: a register never forgets. */
  Counter counter(String point, Signal signal) {
    BigDecimal step = Registers.step(profile, point, signal.edges() != null);
    BigDecimal capacity = Registers.capacity(profile, point, step);
    Course gate = signal.whilst() == null ? null : gate(signal.whilst());
    if (signal.edges() != null) {
      Course source = of(signal.edges().of());
      Course counted = gate == null ? source : millis -> gate.at(millis) * source.at(millis);
      return new Counter(
          counted.rises(),
          BigDecimal.valueOf(Tally.ONE),
          BigDecimal.ONE,
          start(signal.edges().start()),
          step,
          capacity);
    }
    Signal.Integral integral = signal.integral();
    if (integral == null) {
      throw new IllegalArgumentException("point '" + point + "' does not count");
    }
    Course source = of(integral.of());
    Tally sum =
        new Tally(
            n -> {
              long millis = n * Course.GRID_MILLIS;
              return gate != null && gate.at(millis) == 0
                  ? 0
                  : Math.max(0, Math.round(source.at(millis) * Tally.ONE));
            });
    BigDecimal stepsPerHour = BigDecimal.valueOf(3_600_000 / Course.GRID_MILLIS);
    BigDecimal factor = integral.factor() == null ? BigDecimal.ONE : integral.factor();
    return new Counter(
        sum,
        stepsPerHour.multiply(BigDecimal.valueOf(Tally.ONE)),
        factor,
        start(integral.start()),
        step,
        capacity);
  }

  private static BigDecimal start(@Nullable BigDecimal start) {
    return start == null ? BigDecimal.ZERO : start;
  }

  private Course gated(Signal signal, Course free) {
    if (signal.whilst() == null || signal.integral() != null || signal.edges() != null) {
      return free;
    }
    Course gate = gate(signal.whilst());
    double otherwise = signal.otherwise().doubleValue();
    return millis -> gate.at(millis) == 0 ? otherwise : free.at(millis);
  }

  private Course gate(Trigger whilst) {
    Course watched = of(whilst.point());
    return millis -> whilst.holds(watched.at(millis), false) ? 1 : 0;
  }
}
