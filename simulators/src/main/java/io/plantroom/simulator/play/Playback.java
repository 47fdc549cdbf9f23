package io.plantroom.simulator.play;

import io.plantroom.profile.Point;
import io.plantroom.profile.Profile;
import io.plantroom.profile.Quantity;
import io.plantroom.profile.Signal;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What one device shows at any time since the building's beginning. Thread-safe. */
public final class Playback {
  private static final MathContext SIX_DIGITS = new MathContext(6);

  private final Profile profile;
  private final Map<String, Course> free = new HashMap<>();
  private final Map<String, Counter> counters = new TreeMap<>();

  /**
   * The play of one device; two of the same arguments show the same for ever.
   *
   * @param device what distinguishes the device from others of its model
   * @throws IllegalArgumentException when the profile's signals refer to each other in a circle
   */
  public Playback(Profile profile, long seed, String device) {
    this.profile = profile;
    Courses courses = new Courses(profile, Chance.of(seed, device));
    for (Map.Entry<String, Signal> s : profile.simulation().signals().entrySet()) {
      Signal signal = s.getValue();
      courses.of(s.getKey());
      if (signal.integral() != null || signal.edges() != null) {
        counters.put(s.getKey(), courses.counter(s.getKey(), signal));
      } else {
        free.put(s.getKey(), courses.free(s.getKey(), signal));
      }
    }
  }

  /** The points that count, by name. */
  public Map<String, Counter> counters() {
    return Collections.unmodifiableMap(counters);
  }

  /** Whether a point is a side of a car's trips. */
  public boolean travels(Point point) {
    Signal signal = profile.simulation().signal(point.name());
    return signal != null && signal.travel() != null;
  }

  /**
   * What a point shows; empty when the model's simulation does not serve it.
   *
   * @param millis since the beginning, not negative
   * @param fault values that faults force on points, also seen by the points that depend on them
   * @param shifts what a reset or a jump added to counters
   */
  public Optional<Quantity> show(
      Point point, long millis, Map<String, BigDecimal> fault, Map<String, BigDecimal> shifts) {
    BigDecimal forced = fault.get(point.name());
    if (forced != null) {
      return Optional.of(quantity(point, forced));
    }
    Counter counter = counters.get(point.name());
    if (counter != null) {
      BigDecimal shift = shifts.getOrDefault(point.name(), BigDecimal.ZERO);
      return Optional.of(quantity(point, counter.shown(counter.at(millis).add(shift))));
    }
    Signal signal = profile.simulation().signal(point.name());
    if (signal == null) {
      return Optional.empty();
    }
    if (signal.text() != null) {
      return Optional.of(new Quantity.Text(signal.text()));
    }
    if (signal.constant() != null && holds(signal, millis, fault)) {
      return Optional.of(quantity(point, signal.constant()));
    }
    return Optional.of(quantity(point, BigDecimal.valueOf(number(point.name(), millis, fault))));
  }

  private double number(String point, long millis, Map<String, BigDecimal> fault) {
    BigDecimal forced = fault.get(point);
    if (forced != null) {
      return forced.doubleValue();
    }
    Signal signal = profile.simulation().signal(point);
    if (signal == null) {
      return 0;
    }
    Counter counter = counters.get(point);
    if (counter != null) {
      return counter.at(millis).doubleValue();
    }
    return holds(signal, millis, fault)
        ? course(point).at(millis)
        : signal.otherwise().doubleValue();
  }

  private Course course(String point) {
    @Nullable Course course = free.get(point);
    return course == null ? millis -> 0 : course;
  }

  private boolean holds(Signal signal, long millis, Map<String, BigDecimal> fault) {
    return signal.whilst() == null
        || signal.whilst().holds(number(signal.whilst().point(), millis, fault), false);
  }

  private static Quantity quantity(Point point, BigDecimal number) {
    return switch (point.kind()) {
      case ANALOG -> new Quantity.Analog(number.round(SIX_DIGITS).doubleValue());
      case COUNTER -> new Quantity.Counter(number);
      case STATE -> new Quantity.State((int) Math.round(number.doubleValue()));
      case TEXT -> new Quantity.Text(text(number));
    };
  }

  private static String text(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }
}
