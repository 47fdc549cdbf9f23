package io.plantroom.profile;

import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the simulator plays a model: one signal for each point, and faults that can be switched on.
 *
 * @param signals by point; a point without one is not served
 * @param faults by name; while one is on, its points show these values instead
 */
public record Simulation(Map<String, Signal> signals, Map<String, Fault> faults) {

  static final Simulation NONE = new Simulation(Map.of(), Map.of());

  public Simulation {
    signals = signals == null ? Map.of() : Map.copyOf(signals);
    faults = faults == null ? Map.of() : Map.copyOf(faults);
  }

  /** Values that points show while the fault is on. */
  public record Fault(LocalText title, Map<String, BigDecimal> set) {
    public Fault {
      set = Map.copyOf(set);
    }
  }

  /** Play of one point, in its unit: see {@link Signal}. */
  public @Nullable Signal signal(String point) {
    return signals.get(point);
  }
}
