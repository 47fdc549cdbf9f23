package io.plantroom.profile;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A test on one point: exactly one of {@code above}, {@code below}, {@code oneOf}.
 *
 * @param deadband how far an analog value must come back before a limit counts as left, in the unit
 * @param oneOf state codes
 */
public record Trigger(
    String point,
    @Nullable BigDecimal above,
    @Nullable BigDecimal below,
    @Nullable List<Integer> oneOf,
    BigDecimal deadband) {

  public Trigger {
    if (Stream.of(above, below, oneOf).filter(Objects::nonNull).count() != 1) {
      throw new IllegalArgumentException(
          "a trigger on '" + point + "' needs exactly one of above, below, one-of");
    }
    if (deadband != null && deadband.signum() != 0 && oneOf != null) {
      throw new IllegalArgumentException("deadband goes with above and below only");
    }
    deadband = deadband == null ? BigDecimal.ZERO : deadband;
    oneOf = oneOf == null ? null : List.copyOf(oneOf);
  }

  /**
   * Whether the condition holds.
   *
   * @param value the point's value as a number; a state's code
   * @param before whether it held at the value before; then the deadband must be crossed to leave
   */
  public boolean holds(double value, boolean before) {
    double slack = before ? deadband.doubleValue() : 0;
    if (above != null) {
      return value > above.doubleValue() - slack;
    }
    if (below != null) {
      return value < below.doubleValue() + slack;
    }
    return Objects.requireNonNull(oneOf).contains((int) value);
  }
}
