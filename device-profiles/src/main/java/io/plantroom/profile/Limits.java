package io.plantroom.profile;

import java.time.Duration;
import java.util.List;

/**
 * What a device can bear.
 *
 * @param maxRegisters most registers in one Modbus request, 125 unless said
 * @param bridgeGap most unused registers to read along so that two blocks become one request
 * @param minPause least pause between two requests
 * @param minPeriod least time between two polls, long for battery devices
 * @param timeout how long to wait for an answer
 * @param unreadable registers that must never be asked for, also not to bridge a gap
 */
public record Limits(
    Integer maxRegisters,
    Integer bridgeGap,
    Duration minPause,
    Duration minPeriod,
    Duration timeout,
    List<Unreadable> unreadable) {

  /** For a model that says nothing. */
  public static final Limits DEFAULT =
      new Limits(125, 0, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1), List.of());

  public Limits {
    maxRegisters = maxRegisters == null ? 125 : maxRegisters;
    if (maxRegisters < 1 || maxRegisters > 125) {
      throw new IllegalArgumentException("max-registers must be 1 to 125, got " + maxRegisters);
    }
    bridgeGap = bridgeGap == null ? 0 : bridgeGap;
    minPause = minPause == null ? Duration.ZERO : minPause;
    minPeriod = minPeriod == null ? Duration.ZERO : minPeriod;
    timeout = timeout == null ? Duration.ofSeconds(1) : timeout;
    unreadable = unreadable == null ? List.of() : List.copyOf(unreadable);
  }

  /** Registers {@code from} to {@code to}, both included. */
  public record Unreadable(RegisterTable table, int from, int to) {
    public Unreadable {
      if (from < 0 || to < from || to > 65535) {
        throw new IllegalArgumentException("unreadable needs 0 <= from <= to <= 65535");
      }
    }
  }

  /** Whether any of the registers from {@code from} up to, not including, {@code end} is so. */
  public boolean forbids(RegisterTable table, int from, int end) {
    for (Unreadable u : unreadable) {
      if (u.table() == table && u.from() < end && u.to() >= from) {
        return true;
      }
    }
    return false;
  }
}
