package io.plantroom.edge.command;

import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.RawValue;
import io.plantroom.edge.driver.WritingDriver;
import io.plantroom.profile.Point;
import io.plantroom.profile.PointAddress;
import io.plantroom.profile.PointKind;
import io.plantroom.profile.Quantity;
import io.plantroom.profile.Raw;
import io.plantroom.profile.RegisterType;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** What a device shows of a point that is to be set. */
record Shown(@Nullable BigDecimal number) {
  private static final BigDecimal SEVEN_DIGITS = new BigDecimal("0.000001");
  private static final BigDecimal HALF = new BigDecimal("0.5");

  /** The device's own word of now; nothing when it has none that can be read. */
  static Shown of(WritingDriver driver, Point point) throws DriverException {
    RawValue value = driver.fresh(point);
    Raw raw = value.raw();
    return new Shown(raw == null ? null : point.quantity(raw).number());
  }

  @Nullable String text() {
    return number == null ? null : plain(number);
  }

  /** As people write it. */
  static String plain(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }

  /** Whether this is the value that was written, as exactly as the device can show it. */
  boolean is(Point point, Quantity wanted) {
    BigDecimal other = wanted.number();
    if (number == null || other == null) {
      return false;
    }
    return number.subtract(other).abs().compareTo(tolerance(point, other)) <= 0;
  }

  private static BigDecimal tolerance(Point point, BigDecimal wanted) {
    if (point.kind() == PointKind.STATE) {
      return BigDecimal.ZERO;
    }
    BigDecimal digits = wanted.abs().multiply(SEVEN_DIGITS);
    PointAddress.Modbus address = point.modbus();
    if (address == null
        || address.type() == RegisterType.FLOAT32
        || address.type() == RegisterType.FLOAT64) {
      return digits;
    }
    BigDecimal step =
        point.scale().abs().divide(BigDecimal.valueOf(1L << point.powerOfTwo())).multiply(HALF);
    return step.max(digits);
  }
}
