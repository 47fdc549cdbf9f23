package io.plantroom.bench.live;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** How often which latency was met, by the millisecond. Thread-safe. */
final class Latencies {
  private static final int MOST = 120_000;

  private final AtomicIntegerArray counts = new AtomicIntegerArray(MOST + 1);

  void add(long millis) {
    counts.incrementAndGet((int) Math.max(0, Math.min(MOST, millis)));
  }

  long count() {
    long sum = 0;
    for (int i = 0; i <= MOST; i++) {
      sum += counts.get(i);
    }
    return sum;
  }

  /** The latency that this share of all did not exceed. */
  int percentile(int percent) {
    long wanted = Math.max(1, (count() * percent + 99) / 100);
    long sum = 0;
    for (int i = 0; i <= MOST; i++) {
      sum += counts.get(i);
      if (sum >= wanted) {
        return i;
      }
    }
    return MOST;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "p50 %,d ms, p99 %,d ms", percentile(50), percentile(99));
  }
}
