package io.plantroom.profile;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** Text in registers: UTF-8, two bytes a register, ended by a zero or filled up with spaces. */
final class RegisterText {
  private RegisterText() {}

  static String decode(PointAddress.Modbus address, int[] registers, int at) {
    byte[] bytes = new byte[2 * address.registers()];
    int length = bytes.length;
    for (int i = 0; i < bytes.length; i++) {
      int register = RegisterCodec.ordered(address, registers[at + i / 2]);
      bytes[i] = (byte) (i % 2 == 0 ? register >> 8 : register);
      if (bytes[i] == 0) {
        length = i;
        break;
      }
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8).strip();
  }

  static void encode(PointAddress.Modbus address, Raw raw, int[] registers, int at) {
    byte[] bytes = text(raw).getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 2 * address.registers()) {
      throw new IllegalArgumentException(
          bytes.length + " bytes of text do not fit " + address.registers() + " registers");
    }
    for (int i = 0; i < address.registers(); i++) {
      int high = 2 * i < bytes.length ? bytes[2 * i] & 0xFF : 0;
      int low = 2 * i + 1 < bytes.length ? bytes[2 * i + 1] & 0xFF : 0;
      registers[at + i] = RegisterCodec.ordered(address, high << 8 | low);
    }
  }

  private static String text(Raw raw) {
    if (raw instanceof Raw.Text text) {
      return text.value();
    }
    BigDecimal number = raw.number();
    if (number == null) {
      throw new IllegalArgumentException("text registers cannot show " + raw);
    }
    return number.toPlainString();
  }
}
