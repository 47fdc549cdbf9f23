package io.plantroom.profile;

import java.math.BigDecimal;

/** A value as the device says it, before scale and meaning. */
public sealed interface Raw {
  /** An integer; an unsigned 64 bit one above 2^63 is a {@link Exact}. */
  record Whole(long value) implements Raw {}

  /** A binary floating point number. {@code single}: the device has 32 bits, so 7 digits, of it. */
  record Real(double value, boolean single) implements Raw {}

  /** A number written in decimal, as SenML and text formats do. */
  record Exact(BigDecimal value) implements Raw {}

  /** Text. */
  record Text(String value) implements Raw {}

  static Raw of(boolean value) {
    return new Whole(value ? 1 : 0);
  }
}
