package io.plantroom.profile;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** From raw to unit and back. Counters stay decimal all the way. */
final class Scaling {
  private Scaling() {}

  /**
   * From raw to unit.
   *
   * @param factor by which others scale this point besides its own scale; null when not known
   */
  static Quantity quantity(Point point, Raw raw, @Nullable BigDecimal factor) {
    if (point.kind() == PointKind.TEXT) {
      return new Quantity.Text(text(raw));
    }
    if (raw instanceof Raw.Text) {
      return new Quantity.Unfit("expected a number, got text");
    }
    if (raw instanceof Raw.Real real && !Double.isFinite(real.value())) {
      return new Quantity.NotAvailable();
    }
    if (!point.notAvailable().isEmpty()) {
      BigDecimal number = exact(raw);
      for (BigDecimal none : point.notAvailable()) {
        if (none.compareTo(number) == 0) {
          return new Quantity.NotAvailable();
        }
      }
    }
    if (factor == null) {
      return new Quantity.NotAvailable();
    }
    return switch (point.kind()) {
      case ANALOG -> new Quantity.Analog(analog(point, raw, factor));
      case COUNTER -> counter(point, exact(raw).multiply(factor));
      default -> state(exact(raw));
    };
  }

  static Raw raw(Point point, Quantity quantity, BigDecimal factor) {
    if (quantity instanceof Quantity.Text text) {
      return new Raw.Text(text.text());
    }
    if (quantity instanceof Quantity.State state) {
      return new Raw.Whole(state.code());
    }
    if (quantity instanceof Quantity.NotAvailable) {
      return point.notAvailable().isEmpty()
          ? new Raw.Real(Double.NaN, true)
          : new Raw.Exact(point.notAvailable().get(0));
    }
    if (quantity instanceof Quantity.Unfit unfit) {
      throw new IllegalArgumentException("nothing can show this: " + unfit.reason());
    }
    BigDecimal value =
        quantity instanceof Quantity.Counter counter
            ? counter.value()
            : BigDecimal.valueOf(((Quantity.Analog) quantity).value());
    return new Raw.Exact(
        value
            .subtract(point.offset())
            .multiply(divisor(point))
            .divide(point.scale().multiply(factor), MathContext.DECIMAL128));
  }

  private static double analog(Point point, Raw raw, BigDecimal factor) {
    if (raw instanceof Raw.Real real
        && isOne(point.scaleBy().isEmpty() ? point.scale() : point.scale().multiply(factor))) {
      // The shortest decimal of a 32 bit number is what the device's display would show.
      double value =
          real.single() ? Double.parseDouble(Float.toString((float) real.value())) : real.value();
      return value / (1L << point.powerOfTwo()) + point.offset().doubleValue();
    }
    // In decimal, so that 2301 × 0.1 is 230.1 and not 230.10000000000002.
    BigDecimal scaled = exact(raw).multiply(point.scale());
    if (!point.scaleBy().isEmpty()) {
      scaled = scaled.multiply(factor);
    }
    // Dividing is dear, and most points have no power of two.
    return (point.powerOfTwo() == 0 ? scaled : scaled.divide(divisor(point), MathContext.DECIMAL64))
        .add(point.offset())
        .doubleValue();
  }

  private static boolean isOne(BigDecimal factor) {
    return factor.compareTo(BigDecimal.ONE) == 0;
  }

  private static Quantity counter(Point point, BigDecimal raw) {
    if (raw.signum() < 0) {
      return new Quantity.Unfit("a register cannot be negative, got " + raw.toPlainString());
    }
    BigDecimal scaled = raw.multiply(point.scale());
    if (point.powerOfTwo() > 0) {
      scaled = scaled.divide(divisor(point));
    }
    BigDecimal value = scaled.add(point.offset());
    return new Quantity.Counter(value.scale() < 0 ? value.setScale(0) : value);
  }

  private static Quantity state(BigDecimal raw) {
    try {
      return new Quantity.State(raw.setScale(0, RoundingMode.UNNECESSARY).intValueExact());
    } catch (ArithmeticException e) {
      return new Quantity.Unfit("a state must be a whole number, got " + raw.toPlainString());
    }
  }

  private static BigDecimal exact(Raw raw) {
    return Objects.requireNonNull(raw.number(), "text and what is not finite were dealt with");
  }

  private static String text(Raw raw) {
    return raw instanceof Raw.Text text ? text.value() : exact(raw).toPlainString();
  }

  private static BigDecimal divisor(Point point) {
    return BigDecimal.valueOf(1L << point.powerOfTwo());
  }
}
