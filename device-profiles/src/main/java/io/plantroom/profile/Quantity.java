package io.plantroom.profile;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** What a raw value means, in the unit of its point. */
public sealed interface Quantity {
  /** The number it is, or null. */
  default @Nullable BigDecimal number() {
    if (this instanceof Analog analog && Double.isFinite(analog.value())) {
      return BigDecimal.valueOf(analog.value());
    }
    if (this instanceof Counter counter) {
      return counter.value();
    }
    return this instanceof State state ? BigDecimal.valueOf(state.code()) : null;
  }

  record Analog(double value) implements Quantity {}

  record Counter(BigDecimal value) implements Quantity {}

  record State(int code) implements Quantity {}

  record Text(String text) implements Quantity {}

  /** The device says that it has no value. */
  record NotAvailable() implements Quantity {}

  /** The raw value does not fit the point. */
  record Unfit(String reason) implements Quantity {}
}
