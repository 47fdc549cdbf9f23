package io.plantroom.bench.told;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** What was heard, and how long after it had changed. Thread-safe. */
final class Told {
  private static final int LONGEST_MILLIS = 60_000;

  private final LongAdder points = new LongAdder();
  private volatile AtomicLongArray lags = new AtomicLongArray(LONGEST_MILLIS + 1);

  /** A value of a {@link Clockwork} has come. */
  void heard(double changedMillis) {
    points.increment();
    long lag = System.currentTimeMillis() - (long) changedMillis;
    lags.incrementAndGet((int) Math.max(0, Math.min(LONGEST_MILLIS, lag)));
  }

  long points() {
    return points.sum();
  }

  /** Counts lags from now on. */
  void begin() {
    lags = new AtomicLongArray(LONGEST_MILLIS + 1);
  }

  /** The lag in milliseconds that so many percent did not exceed. */
  double percentile(int percent) {
    AtomicLongArray now = lags;
    long all = 0;
    for (int i = 0; i <= LONGEST_MILLIS; i++) {
      all += now.get(i);
    }
    long seen = 0;
    for (int i = 0; i <= LONGEST_MILLIS; i++) {
      seen += now.get(i);
      if (seen * 100 >= all * percent) {
        return i;
      }
    }
    return LONGEST_MILLIS;
  }
}
