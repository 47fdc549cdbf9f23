package io.plantroom.profile;

import java.math.BigDecimal;

/** What a raw value means, in the unit of its point. */
public sealed interface Quantity {
  record Analog(double value) implements Quantity {}

  record Counter(BigDecimal value) implements Quantity {}

  record State(int code) implements Quantity {}

  record Text(String text) implements Quantity {}

  /** The device says that it has no value. */
  record NotAvailable() implements Quantity {}

  /** The raw value does not fit the point. */
  record Unfit(String reason) implements Quantity {}
}
