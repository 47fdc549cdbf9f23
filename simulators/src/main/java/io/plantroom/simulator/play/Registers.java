package io.plantroom.simulator.play;

import io.plantroom.profile.BillingRegister;
import io.plantroom.profile.Point;
import io.plantroom.profile.PointAddress;
import io.plantroom.profile.Profile;
import io.plantroom.profile.RegisterType;
import java.math.BigDecimal;
import java.util.Optional;

/** How fine a counter counts and how far, as its register and its bill say. */
final class Registers {
  private Registers() {}

  /** The least difference that the device can show, in the point's unit. */
  static BigDecimal step(Profile profile, String name, boolean countsEvents) {
    Point point = profile.point(name).orElseThrow();
    BigDecimal least =
        point
            .scale()
            .abs()
            .divide(BigDecimal.valueOf(1L << point.powerOfTwo()))
            .stripTrailingZeros();
    if (isWhole(point) || least.compareTo(BigDecimal.ONE) != 0) {
      return plain(least);
    }
    if (countsEvents) {
      return BigDecimal.ONE;
    }
    return billing(profile, name)
        .map(b -> BigDecimal.ONE.movePointLeft(b.decimals()))
        .orElse(new BigDecimal("0.001"));
  }

  /** Where the register begins again at 0, in the point's unit. */
  static BigDecimal capacity(Profile profile, String name, BigDecimal step) {
    Point point = profile.point(name).orElseThrow();
    BigDecimal byDigits =
        billing(profile, name)
            .map(b -> BigDecimal.TEN.pow(b.digits()))
            .orElse(BigDecimal.TEN.pow(9));
    if (!isWhole(point) || point.modbus() == null) {
      return byDigits;
    }
    BigDecimal byType = BigDecimal.valueOf(2).pow(bits(point.modbus())).multiply(step);
    return billing(profile, name).isPresent() ? byDigits.min(byType) : byType;
  }

  private static boolean isWhole(Point point) {
    return point.modbus() != null
        && point.modbus().type() != RegisterType.FLOAT32
        && point.modbus().type() != RegisterType.FLOAT64;
  }

  private static int bits(PointAddress.Modbus address) {
    if (address.bits() != null) {
      return address.bits().to() - address.bits().from() + 1;
    }
    return switch (address.type()) {
      case BIT -> 1;
      case INT16 -> 15;
      case UINT16 -> 16;
      case INT32 -> 31;
      case UINT32 -> 32;
      case INT64 -> 63;
      default -> 64;
    };
  }

  private static Optional<BillingRegister> billing(Profile profile, String name) {
    return profile.billing().stream().filter(b -> b.point().equals(name)).findFirst();
  }

  private static BigDecimal plain(BigDecimal number) {
    return number.scale() < 0 ? number.setScale(0) : number;
  }
}
