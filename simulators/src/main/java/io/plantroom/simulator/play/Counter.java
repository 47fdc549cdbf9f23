package io.plantroom.simulator.play;

import java.math.BigDecimal;

/**
 * A register that only grows: {@code start + factor × sum / divisor}, cut (never rounded up) to its
 * resolution. Exact, and the same for the same moment however often and in what order it is asked.
 */
public final class Counter {
  private final Tally sum;
  private final BigDecimal divisor;
  private final BigDecimal factor;
  private final BigDecimal start;
  private final BigDecimal step;
  private final BigDecimal capacity;

  Counter(
      Tally sum,
      BigDecimal divisor,
      BigDecimal factor,
      BigDecimal start,
      BigDecimal step,
      BigDecimal capacity) {
    this.sum = sum;
    this.divisor = divisor;
    this.factor = factor;
    this.start = start;
    this.step = step;
    this.capacity = capacity;
  }

  /** What was counted at that time since the beginning, without any roll-over. */
  public BigDecimal at(long millis) {
    BigDecimal numerator =
        start.multiply(divisor).add(factor.multiply(BigDecimal.valueOf(sum.until(millis))));
    return numerator.divideToIntegralValue(step.multiply(divisor)).setScale(0).multiply(step);
  }

  /** What a display of finite digits shows of a count. */
  public BigDecimal shown(BigDecimal count) {
    BigDecimal rest = count.remainder(capacity);
    return rest.signum() < 0 ? rest.add(capacity) : rest;
  }

  /** The shift by which the register will pass its last digit within the next minute. */
  public BigDecimal justBeforeRollover(long millis) {
    BigDecimal now = at(millis);
    BigDecimal soon = at(millis + 30_000).subtract(now);
    if (soon.signum() == 0) {
      soon = at(millis + 60_000).subtract(now);
    }
    return capacity.subtract(soon.max(step)).subtract(now);
  }
}
