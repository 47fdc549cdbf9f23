package io.plantroom.edge.outbox;

import java.util.concurrent.TimeUnit;
import net.openhft.chronicle.core.time.TimeProvider;

/**
 * The time by which the queue changes its files: it stands still until we say so. Files then end by
 * size and never because the gateway woke up in another year.
 */
final class RollClock implements TimeProvider {
  private final long cycleMillis;
  private volatile long cycle;

  RollClock(long cycleMillis, long cycle) {
    this.cycleMillis = cycleMillis;
    this.cycle = cycle;
  }

  void next(long atLeast) {
    cycle = Math.max(cycle + 1, atLeast);
  }

  @Override
  public long currentTimeMillis() {
    return cycle * cycleMillis;
  }

  @Override
  public long currentTimeMicros() {
    return TimeUnit.MILLISECONDS.toMicros(currentTimeMillis());
  }

  @Override
  public long currentTimeNanos() {
    return TimeUnit.MILLISECONDS.toNanos(currentTimeMillis());
  }
}
