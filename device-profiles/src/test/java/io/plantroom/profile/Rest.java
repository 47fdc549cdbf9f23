package io.plantroom.profile;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a simulated device can show: of every point the extremes that its signal ever reaches,
 * worked out from the profile alone, and with a fault what that forces.
 */
record Rest(Profile profile, Map<String, BigDecimal> forced) {
  static Rest of(Profile profile) {
    return new Rest(profile, Map.of());
  }

  Rest with(String fault) {
    return new Rest(
        profile, Objects.requireNonNull(profile.simulation().faults().get(fault), fault).set());
  }

  List<String> raised() {
    return profile.alarms().stream().filter(this::holds).map(AlarmCondition::key).sorted().toList();
  }

  /** Whether the condition can ever hold. */
  boolean holds(AlarmCondition alarm) {
    return any(alarm.when(), alarm.whilst())
        && (alarm.whilst() == null || any(alarm.whilst(), null));
  }

  /** Extremes of a point, without regard to what others show. */
  List<Double> values(String point) {
    return values(point, null);
  }

  private boolean any(Trigger trigger, @Nullable Trigger whilst) {
    return values(trigger.point(), whilst).stream().anyMatch(v -> trigger.holds(v, false));
  }

  /** Extremes of a point while a condition holds; a signal gated by the same is then free. */
  private List<Double> values(String point, @Nullable Trigger whilst) {
    BigDecimal fault = forced.get(point);
    if (fault != null) {
      return List.of(fault.doubleValue());
    }
    Signal signal = Objects.requireNonNull(profile.simulation().signal(point), point);
    List<Double> values = new ArrayList<>(free(signal));
    if (signal.whilst() != null && !signal.whilst().equals(whilst)) {
      values.add(signal.otherwise().doubleValue());
    }
    return values;
  }

  private static List<Double> free(Signal signal) {
    if (signal.constant() != null) {
      return List.of(signal.constant().doubleValue());
    }
    if (signal.wave() != null) {
      double far = signal.wave().swing() * (1 + signal.wave().noise());
      return List.of(signal.wave().mean() - far, signal.wave().mean() + far);
    }
    if (signal.integral() != null) {
      return List.of(signal.integral().start().doubleValue());
    }
    if (signal.edges() != null) {
      return List.of(signal.edges().start().doubleValue());
    }
    if (signal.travel() != null) {
      return switch (signal.travel().show()) {
        case FLOOR -> List.of(1.0, (double) signal.travel().floors());
        case DIRECTION -> List.of(0.0, 1.0, 2.0);
        default -> List.of(0.0, 1.0);
      };
    }
    return List.of(0.0, 1.0);
  }

  /** Which alarm each fault of each model raises. */
  static Map<String, List<String>> contract() {
    Map<String, List<String>> all = new HashMap<>();
    for (Profile p : ProfileCatalog.builtIn().all()) {
      p.simulation()
          .faults()
          .keySet()
          .forEach(f -> all.put(p.profile() + " " + f, of(p).with(f).raised()));
    }
    return all;
  }
}
