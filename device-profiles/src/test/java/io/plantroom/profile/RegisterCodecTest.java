package io.plantroom.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.EnumSet;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RegisterCodecTest {
  private static final int ROUNDS = 2000;
  private static final EnumSet<RegisterType> FLOATS =
      EnumSet.of(RegisterType.FLOAT32, RegisterType.FLOAT64);

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"BCD16", "BCD32", "BCD64", "TEXT"})
  void whatWasWrittenIsReadBackInBothWordOrders(RegisterType type) {
    Random random = new Random(20260601);
    for (int i = 0; i < ROUNDS; i++) {
      Raw raw = any(type, random);
      for (WordOrder order : WordOrder.values()) {
        PointAddress.Modbus address = address(type, order, null);
        int[] registers = noise(random, 8);
        int[] before = registers.clone();
        RegisterCodec.encode(address, raw, registers, 2);
        assertThat(RegisterCodec.decode(address, registers, 2))
            .as(type + " " + order)
            .isEqualTo(raw);
        for (int r = 0; r < registers.length; r++) {
          assertThat(registers[r]).isBetween(0, 0xFFFF);
          if (r < 2 || r >= 2 + type.registers()) {
            assertThat(registers[r]).as("a neighbour stays").isEqualTo(before[r]);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = RegisterType.class,
      names = {"UINT16", "INT16", "UINT32", "INT32", "UINT64", "INT64"})
  void bitsAreReadBackAndTheOthersKept(RegisterType type) {
    Random random = new Random(7);
    int width = 16 * type.registers();
    for (int i = 0; i < ROUNDS; i++) {
      int from = random.nextInt(width);
      int to = from + random.nextInt(Math.min(62, width - from));
      PointAddress.Bits bits = new PointAddress.Bits(from, to);
      long value = random.nextLong() >>> (63 - (to - from));
      for (WordOrder order : WordOrder.values()) {
        int[] registers = noise(random, type.registers());
        BigInteger before = unsigned(registers, order);
        PointAddress.Modbus address = address(type, order, bits);
        RegisterCodec.encode(address, new Raw.Whole(value), registers, 0);
        assertThat(RegisterCodec.decode(address, registers, 0)).isEqualTo(new Raw.Whole(value));
        BigInteger changed = before.xor(unsigned(registers, order));
        for (int b = 0; b < width; b++) {
          assertThat(changed.testBit(b) && (b < from || b > to)).as("bit " + b).isFalse();
        }
      }
    }
  }

  @Test
  void lowWordFirstIsTheWayOfCarloGavazzi() {
    int[] registers = {0x6C1E, 0x0001};
    assertThat(
            RegisterCodec.decode(
                address(RegisterType.INT32, WordOrder.LOW_FIRST, null), registers, 0))
        .isEqualTo(new Raw.Whole(93214));
    assertThat(
            RegisterCodec.decode(
                address(RegisterType.INT32, WordOrder.HIGH_FIRST, null), registers, 0))
        .isEqualTo(new Raw.Whole(0x6C1E0001L));
  }

  @Test
  void anUnsigned64BitRegisterGoesBeyondALong() {
    int[] registers = {0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF};
    assertThat(
            RegisterCodec.decode(
                address(RegisterType.UINT64, WordOrder.HIGH_FIRST, null), registers, 0))
        .isEqualTo(new Raw.Exact(new BigDecimal("18446744073709551615")));
  }

  @Test
  void aValueThatDoesNotFitIsRefusedInsteadOfCut() {
    refused(RegisterType.UINT16, null, 65536, "65536 does not fit 16 unsigned bits");
    refused(RegisterType.UINT16, null, -1, "-1 does not fit 16 unsigned bits");
    refused(RegisterType.INT16, null, 32768, "32768 does not fit 16 signed bits");
    refused(RegisterType.UINT16, new PointAddress.Bits(4, 5), 4, "4 does not fit 2 unsigned bits");
  }

  @Test
  void aFloatWithoutAValueIsNotANumber() {
    PointAddress.Modbus address = address(RegisterType.FLOAT32, WordOrder.HIGH_FIRST, null);
    int[] registers = new int[2];
    RegisterCodec.encode(address, new Raw.Real(Double.NaN, true), registers, 0);
    assertThat(registers).containsExactly(0x7FC0, 0);
  }

  private static void refused(
      RegisterType type, PointAddress.@Nullable Bits bits, long value, String message) {
    PointAddress.Modbus address = address(type, WordOrder.HIGH_FIRST, bits);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RegisterCodec.encode(address, new Raw.Whole(value), new int[4], 0))
        .withMessage(message);
  }

  private static PointAddress.Modbus address(
      RegisterType type, WordOrder order, PointAddress.@Nullable Bits bits) {
    RegisterTable table =
        type == RegisterType.BIT ? RegisterTable.COIL : RegisterTable.HOLDING_REGISTER;
    return new PointAddress.Modbus(table, 0, type, order, WordOrder.HIGH_FIRST, null, bits, null);
  }

  private static Raw any(RegisterType type, Random random) {
    if (FLOATS.contains(type)) {
      return type == RegisterType.FLOAT32
          ? new Raw.Real((float) (random.nextGaussian() * 1e5), true)
          : new Raw.Real(random.nextGaussian() * 1e12, false);
    }
    long word = random.nextLong();
    return switch (type) {
      case BIT -> new Raw.Whole(word & 1);
      case INT16 -> new Raw.Whole((short) word);
      case UINT16 -> new Raw.Whole(word & 0xFFFF);
      case INT32 -> new Raw.Whole((int) word);
      case UINT32 -> new Raw.Whole(word & 0xFFFFFFFFL);
      case UINT64 ->
          word >= 0
              ? new Raw.Whole(word)
              : new Raw.Exact(new BigDecimal(Long.toUnsignedString(word)));
      default -> new Raw.Whole(word);
    };
  }

  private static int[] noise(Random random, int count) {
    return random.ints(count, 0, 65536).toArray();
  }

  private static BigInteger unsigned(int[] registers, WordOrder order) {
    BigInteger word = BigInteger.ZERO;
    for (int i = 0; i < registers.length; i++) {
      int at = order == WordOrder.HIGH_FIRST ? i : registers.length - 1 - i;
      word = word.shiftLeft(16).or(BigInteger.valueOf(registers[at]));
    }
    return word;
  }
}
