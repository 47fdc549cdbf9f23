package io.plantroom.bench.query;

import java.util.Locale;

/**
 * What a question took.
 *
 * @param millis the median until the answer was there
 * @param cpuMillis of hub, client and database together, on average
 * @param serverMillis of the database alone
 */
record Timing(double millis, double cpuMillis, double serverMillis) {
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%.0f ms (CPU %.0f ms, database %.0f ms)", millis, cpuMillis, serverMillis);
  }
}
