package io.plantroom.simulator.play;

import java.util.Arrays;
import java.util.function.LongUnaryOperator;

/**
 * A sum over the fixed grid, in whole millionths, so that neither the order of adding nor a restart
 * changes it. Keeps a mark every hour; any moment of the past is as cheap as now. Thread-safe.
 */
final class Tally {
  /** One, in the unit of this sum. */
  static final long ONE = 1_000_000;

  private static final int STEPS_PER_MARK = 360;

  private final LongUnaryOperator step;
  private long[] marks = new long[1];
  private int known = 1;

  /**
   * A sum of {@code step(0) + step(1) + …}.
   *
   * @param step what the grid interval of that number adds, in millionths, never negative
   */
  Tally(LongUnaryOperator step) {
    this.step = step;
  }

  /** The sum of all grid intervals that are over at {@code millis}, in millionths. */
  synchronized long until(long millis) {
    long steps = millis / Course.GRID_MILLIS;
    int mark = (int) (steps / STEPS_PER_MARK);
    while (known <= mark) {
      if (known == marks.length) {
        marks = Arrays.copyOf(marks, marks.length * 2);
      }
      long from = (known - 1L) * STEPS_PER_MARK;
      marks[known] = sum(marks[known - 1], from, from + STEPS_PER_MARK);
      known++;
    }
    return sum(marks[mark], (long) mark * STEPS_PER_MARK, steps);
  }

  private long sum(long start, long from, long to) {
    long sum = start;
    for (long s = from; s < to; s++) {
      sum += step.applyAsLong(s);
    }
    return sum;
  }
}
