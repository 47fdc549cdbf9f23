package io.plantroom.simulator.modbus;

import io.plantroom.profile.RegisterTable;
import io.plantroom.simulator.device.Device;
import io.vertx.core.buffer.Buffer;

/** What a request of function 5, 6, 15 or 16 wants to be written. Bits are 0 and 1. */
final class Written {
  private static final int COIL_ON = 0xFF00;
  private static final int HEAD = 6;

  private final RegisterTable table;
  private final int from;
  private final int[] values;

  private Written(RegisterTable table, int from, int[] values) {
    this.table = table;
    this.from = from;
    this.values = values;
  }

  void to(RegisterMap map, Device device) throws Refusal {
    map.write(table, from, values, device);
  }

  static boolean isWrite(int function) {
    return function == 5 || function == 6 || function == 15 || function == 16;
  }

  static Written of(int function, Buffer pdu) throws Refusal {
    boolean bits = function == 5 || function == 15;
    RegisterTable table = bits ? RegisterTable.COIL : RegisterTable.HOLDING_REGISTER;
    if (pdu.length() < 5) {
      throw new Refusal(Refusal.ILLEGAL_VALUE);
    }
    int from = pdu.getUnsignedShort(1);
    int word = pdu.getUnsignedShort(3);
    if (function == 6) {
      return new Written(table, from, new int[] {word});
    }
    if (function == 5) {
      if (word != 0 && word != COIL_ON) {
        throw new Refusal(Refusal.ILLEGAL_VALUE);
      }
      return new Written(table, from, new int[] {word == 0 ? 0 : 1});
    }
    int bytes = bits ? (word + 7) / 8 : 2 * word;
    if (word < 1 || pdu.length() != HEAD + bytes || pdu.getUnsignedByte(5) != bytes) {
      throw new Refusal(Refusal.ILLEGAL_VALUE);
    }
    int[] values = new int[word];
    for (int i = 0; i < word; i++) {
      values[i] =
          bits
              ? (pdu.getUnsignedByte(HEAD + i / 8) >> (i % 8)) & 1
              : pdu.getUnsignedShort(HEAD + 2 * i);
    }
    return new Written(table, from, values);
  }
}
