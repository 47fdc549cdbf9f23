package io.plantroom.simulator.device;

import java.math.BigDecimal;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** What resets and jumps added to counters, from when on; so that the past stays what it was. */
final class Shifts {
  private final ConcurrentSkipListMap<Long, Map<String, BigDecimal>> from =
      new ConcurrentSkipListMap<>();

  Shifts() {
    from.put(0L, Map.of());
  }

  Map<String, BigDecimal> at(long millis) {
    return from.floorEntry(Math.max(0, millis)).getValue();
  }

  /** From now on, whatever was planned for later is forgotten. */
  void set(long millis, Map<String, BigDecimal> shifts) {
    from.tailMap(millis, true).clear();
    from.put(Math.max(0, millis), Map.copyOf(shifts));
  }
}
