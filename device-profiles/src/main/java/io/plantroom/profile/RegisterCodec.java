package io.plantroom.profile;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Registers of Modbus to raw values and back. Registers are ints from 0 to 65535. */
public final class RegisterCodec {
  private static final BigInteger TWO_64 = BigInteger.ONE.shiftLeft(64);

  private RegisterCodec() {}

  /** The raw value at {@code at} of {@code registers}; as many as the type takes must be there. */
  public static Raw decode(PointAddress.Modbus address, int[] registers, int at) {
    if (address.type() == RegisterType.TEXT) {
      return new Raw.Text(RegisterText.decode(address, registers, at));
    }
    long word = word(address, registers, at);
    return switch (address.type()) {
      case BCD16, BCD32, BCD64 -> bcd(word);
      case FLOAT32 -> new Raw.Real(Float.intBitsToFloat((int) word), true);
      case FLOAT64 -> new Raw.Real(Double.longBitsToDouble(word), false);
      default -> whole(address, word);
    };
  }

  /**
   * Writes a raw value; bits outside of the address's own keep what they are.
   *
   * @throws IllegalArgumentException when the value does not fit the type
   */
  public static void encode(PointAddress.Modbus address, Raw raw, int[] registers, int at) {
    if (address.type() == RegisterType.TEXT) {
      RegisterText.encode(address, raw, registers, at);
      return;
    }
    long word =
        switch (address.type()) {
          case BCD16, BCD32, BCD64 -> bcd(address, number(raw));
          case FLOAT32 -> Float.floatToIntBits((float) real(raw));
          case FLOAT64 -> Double.doubleToLongBits(real(raw));
          default -> fitting(address, number(raw));
        };
    if (address.bits() != null) {
      word = address.bits().into(word(address, registers, at), word);
    }
    int n = address.registers();
    for (int i = 0; i < n; i++) {
      int shift = 16 * (address.words() == WordOrder.HIGH_FIRST ? n - 1 - i : i);
      registers[at + i] = ordered(address, (int) (word >>> shift) & 0xFFFF);
    }
  }

  /** A register as the device has it, from one with the high byte first, or back. */
  static int ordered(PointAddress.Modbus address, int register) {
    return address.bytes() == WordOrder.HIGH_FIRST
        ? register
        : ((register & 0xFF) << 8) | ((register >> 8) & 0xFF);
  }

  /** Digits above nine are how such devices say that they have none. */
  private static Raw bcd(long word) {
    String digits = Long.toHexString(word);
    return digits.chars().allMatch(Character::isDigit)
        ? new Raw.Whole(Long.parseLong(digits))
        : new Raw.Real(Double.NaN, false);
  }

  private static long bcd(PointAddress.Modbus address, BigDecimal number) {
    String digits = number.setScale(0, RoundingMode.HALF_UP).toPlainString();
    if (number.signum() < 0 || digits.length() > 4 * address.registers()) {
      throw new IllegalArgumentException(
          digits + " does not fit " + 4 * address.registers() + " decimal digits");
    }
    return Long.parseUnsignedLong(digits, 16);
  }

  private static Raw whole(PointAddress.Modbus address, long word) {
    if (address.bits() != null) {
      return new Raw.Whole(address.bits().of(word));
    }
    return switch (address.type()) {
      case INT16 -> new Raw.Whole((short) word);
      case INT32 -> new Raw.Whole((int) word);
      case UINT64 ->
          word >= 0
              ? new Raw.Whole(word)
              : new Raw.Exact(new BigDecimal(BigInteger.valueOf(word).add(TWO_64)));
      default -> new Raw.Whole(word);
    };
  }

  private static long word(PointAddress.Modbus address, int[] registers, int at) {
    int n = address.registers();
    long word = 0;
    for (int i = 0; i < n; i++) {
      int register =
          address.words() == WordOrder.HIGH_FIRST ? registers[at + i] : registers[at + n - 1 - i];
      word = (word << 16) | (ordered(address, register) & 0xFFFF);
    }
    return word;
  }

  private static long fitting(PointAddress.Modbus address, BigDecimal number) {
    BigInteger value = number.setScale(0, RoundingMode.HALF_UP).toBigInteger();
    PointAddress.Bits bits = address.bits();
    boolean signed =
        switch (address.type()) {
          case INT16, INT32, INT64 -> bits == null;
          default -> false;
        };
    int width =
        bits != null
            ? bits.to() - bits.from() + 1
            : address.type() == RegisterType.BIT ? 1 : 16 * address.registers();
    boolean fits =
        signed ? value.bitLength() < width : value.signum() >= 0 && value.bitLength() <= width;
    if (!fits) {
      throw new IllegalArgumentException(
          value + " does not fit " + width + (signed ? " signed" : " unsigned") + " bits");
    }
    return value.longValue();
  }

  private static double real(Raw raw) {
    return raw instanceof Raw.Real real ? real.value() : number(raw).doubleValue();
  }

  private static BigDecimal number(Raw raw) {
    if (raw instanceof Raw.Whole whole) {
      return BigDecimal.valueOf(whole.value());
    }
    if (raw instanceof Raw.Real real && Double.isFinite(real.value())) {
      return BigDecimal.valueOf(real.value());
    }
    if (raw instanceof Raw.Exact exact) {
      return exact.value();
    }
    throw new IllegalArgumentException("registers of whole numbers cannot show " + raw);
  }
}
