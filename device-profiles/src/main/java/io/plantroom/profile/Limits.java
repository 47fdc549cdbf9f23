package io.plantroom.profile;

import java.time.Duration;

/**
 * What a device can bear.
 *
 * @param maxRegisters most registers in one Modbus request, 125 unless said
 * @param bridgeGap most unused registers to read along so that two blocks become one request
 * @param minPause least pause between two requests
 * @param minPeriod least time between two polls, long for battery devices
 * @param timeout how long to wait for an answer
 */
public record Limits(
    Integer maxRegisters,
    Integer bridgeGap,
    Duration minPause,
    Duration minPeriod,
    Duration timeout) {

  /** For a model that says nothing. */
  public static final Limits DEFAULT =
      new Limits(125, 0, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1));

  public Limits {
    maxRegisters = maxRegisters == null ? 125 : maxRegisters;
    if (maxRegisters < 1 || maxRegisters > 125) {
      throw new IllegalArgumentException("max-registers must be 1 to 125, got " + maxRegisters);
    }
    bridgeGap = bridgeGap == null ? 0 : bridgeGap;
    minPause = minPause == null ? Duration.ZERO : minPause;
    minPeriod = minPeriod == null ? Duration.ZERO : minPeriod;
    timeout = timeout == null ? Duration.ofSeconds(1) : timeout;
  }
}
