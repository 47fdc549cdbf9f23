package io.plantroom.hub.series;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What one point has in each step: parts are added in any order. */
final class Column {
  private final double[] sum;
  private final double[] min;
  private final double[] max;
  private final double[] last;
  private final double[] lastAt;
  private final long[] count;
  private final long[] bad;

  Column(int size) {
    sum = new double[size];
    min = new double[size];
    max = new double[size];
    last = new double[size];
    lastAt = new double[size];
    count = new long[size];
    bad = new long[size];
    Arrays.fill(lastAt, Double.NEGATIVE_INFINITY);
    Arrays.fill(min, Double.POSITIVE_INFINITY);
    Arrays.fill(max, Double.NEGATIVE_INFINITY);
  }

  /**
   * Part of a step.
   *
   * @param n good samples; without any the other figures say nothing
   * @param lastAt any measure of time in which the later is greater
   */
  record Part(long n, long bad, double sum, double min, double max, double last, double lastAt) {}

  void add(int i, Part p) {
    bad[i] += p.bad();
    if (p.n() == 0) {
      return;
    }
    count[i] += p.n();
    sum[i] += p.sum();
    min[i] = Math.min(min[i], p.min());
    max[i] = Math.max(max[i], p.max());
    if (p.lastAt() >= lastAt[i]) {
      lastAt[i] = p.lastAt();
      last[i] = p.last();
    }
  }

  boolean empty(int i) {
    return count[i] == 0 && bad[i] == 0;
  }

  long count(int i) {
    return count[i];
  }

  long bad(int i) {
    return bad[i];
  }

  @Nullable Double min(int i) {
    return some(i, min[i]);
  }

  @Nullable Double max(int i) {
    return some(i, max[i]);
  }

  /** Of the samples, each counting the same. */
  @Nullable Double average(int i) {
    return some(i, sum[i] / count[i]);
  }

  @Nullable Double last(int i) {
    return some(i, last[i]);
  }

  private @Nullable Double some(int i, double value) {
    return count[i] == 0 ? null : (Double) value;
  }
}
