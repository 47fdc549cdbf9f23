package io.plantroom.profile;

import java.math.BigDecimal;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/**
 * Another point of the device that says how this one is to be scaled: the ratio of a current
 * transformer, a number of decimals, an exponent.
 */
public record ScaleBy(String point, How as) {
  private static final BigDecimal MOST = BigDecimal.valueOf(18);

  /** What the other point's value does. */
  public enum How {
    /** Times the value. */
    FACTOR,
    /** Divided by the value. */
    DIVISOR,
    /** Times ten to the power of the value. */
    EXPONENT,
    /** Divided by ten to the power of the value. */
    DECIMALS
  }

  /** Null when such a value cannot scale anything. */
  @Nullable BigDecimal factor(BigDecimal value) {
    try {
      return switch (as) {
        case FACTOR -> value.signum() == 0 ? null : value;
        case DIVISOR ->
            value.signum() == 0 ? null : BigDecimal.ONE.divide(value, MathContext.DECIMAL128);
        case EXPONENT -> power(value);
        case DECIMALS -> power(value.negate());
      };
    } catch (ArithmeticException e) {
      return null; // an exponent that is no whole number
    }
  }

  private static @Nullable BigDecimal power(BigDecimal exponent) {
    return exponent.abs().compareTo(MOST) > 0
        ? null
        : BigDecimal.ONE.scaleByPowerOfTen(exponent.intValueExact());
  }
}
