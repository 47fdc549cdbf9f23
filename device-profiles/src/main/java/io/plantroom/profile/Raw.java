package io.plantroom.profile;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

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

  /** The number it is, in decimal; null for text and for what is not finite. */
  default @Nullable BigDecimal number() {
    if (this instanceof Whole whole) {
      return BigDecimal.valueOf(whole.value());
    }
    if (this instanceof Real real) {
      return Double.isFinite(real.value())
          ? new BigDecimal(
              real.single() ? Float.toString((float) real.value()) : Double.toString(real.value()))
          : null;
    }
    return this instanceof Exact exact ? exact.value() : null;
  }

  static Raw of(boolean value) {
    return new Whole(value ? 1 : 0);
  }
}
