package io.plantroom.edge.poll;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Whether this machine's clock can be believed. A gateway without a battery wakes in the year 1970;
 * its samples are kept, but marked.
 */
@FunctionalInterface
public interface ClockTrust {
  /** Before this the clock is certainly wrong: the software did not exist. */
  Instant FLOOR = Instant.parse("2026-01-01T00:00:00Z");

  boolean trusted();

  /** For tests and benchmarks. */
  static ClockTrust always() {
    return () -> true;
  }

  /** By the clock itself and, where systemd keeps the time, by its word whether it has been set. */
  static ClockTrust ofThisMachine(InstantSource clock) {
    Path timesync = Path.of("/run/systemd/timesync");
    return () ->
        clock.instant().isAfter(FLOOR)
            && (!Files.isDirectory(timesync) || Files.exists(timesync.resolve("synchronized")));
  }
}
