package io.plantroom.edge.poll;

import java.time.Instant;

/**
 * Whether this machine's clock can be believed. A gateway without a battery wakes in the year 1970;
 * its samples are kept, but marked.
 */
@FunctionalInterface
public interface ClockTrust {
  /** Before this the clock is certainly wrong: the software did not exist. */
  Instant FLOOR = Instant.parse("2026-01-01T00:00:00Z");

  boolean trusted();

  /**
   * Whether a time that was taken just before {@link #trusted()} said yes is by a clock that was
   * still wrong then: between taking the time and asking, somebody has set it.
   */
  default boolean wasWrong(Instant at) {
    return false;
  }

  /** For tests and benchmarks. */
  static ClockTrust always() {
    return () -> true;
  }
}
