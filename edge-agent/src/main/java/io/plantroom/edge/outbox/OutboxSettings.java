package io.plantroom.edge.outbox;

import java.time.Duration;

/**
 * How an outbox uses its disk.
 *
 * @param flush longest time until a record is on the disk; zero puts each append there
 * @param fileBytes size at which a file ends; a file is deleted when all of it is released
 * @param quotaBytes most bytes kept; above it the oldest file is dropped, and that is said
 * @param reserveBytes least free space of the disk; below it nothing more is taken
 */
public record OutboxSettings(Duration flush, long fileBytes, long quotaBytes, long reserveBytes) {
  public OutboxSettings {
    if (flush.isNegative() || fileBytes < 1 || quotaBytes < fileBytes || reserveBytes < 0) {
      throw new IllegalArgumentException(
          "outbox: flush must not be negative, and a file not larger than the quota");
    }
  }
}
