package io.plantroom.simulator.modbus;

import io.plantroom.profile.RegisterTable;
import io.plantroom.simulator.device.Answering;
import io.plantroom.simulator.device.Device;
import io.vertx.core.buffer.Buffer;

/** One slave: takes a request's PDU, gives the answer's. */
final class Unit {
  private final Device device;
  private final RegisterMap map;

  Unit(Device device) {
    this.device = device;
    this.map = new RegisterMap(device.profile());
  }

  Answering answering() {
    return device.answering();
  }

  /** All registers of one answer are of one moment. */
  Buffer answer(Buffer pdu) {
    int function = pdu.getUnsignedByte(0);
    try {
      if (device.answering() == Answering.EXCEPTION) {
        throw new Refusal(Refusal.DEVICE_FAILURE);
      }
      if (Written.isWrite(function)) {
        Written.of(function, pdu).to(map, device);
        return pdu.slice(0, 5);
      }
      RegisterTable table = table(function);
      if (pdu.length() != 5) {
        throw new Refusal(Refusal.ILLEGAL_VALUE);
      }
      int[] values =
          map.read(table, pdu.getUnsignedShort(1), pdu.getUnsignedShort(3), device.asked());
      return Buffer.buffer()
          .appendUnsignedByte((short) function)
          .appendBuffer(table.holdsBits() ? bits(values) : registers(values));
    } catch (Refusal e) {
      return refuse(function, e.code());
    }
  }

  static Buffer refuse(int function, int code) {
    return Buffer.buffer()
        .appendUnsignedByte((short) (function | 0x80))
        .appendUnsignedByte((short) code);
  }

  private static RegisterTable table(int function) throws Refusal {
    return switch (function) {
      case 1 -> RegisterTable.COIL;
      case 2 -> RegisterTable.DISCRETE_INPUT;
      case 3 -> RegisterTable.HOLDING_REGISTER;
      case 4 -> RegisterTable.INPUT_REGISTER;
      default -> throw new Refusal(Refusal.ILLEGAL_FUNCTION);
    };
  }

  private static Buffer registers(int[] values) {
    Buffer out = Buffer.buffer().appendUnsignedByte((short) (2 * values.length));
    for (int v : values) {
      out.appendUnsignedShort(v);
    }
    return out;
  }

  private static Buffer bits(int[] values) {
    byte[] packed = new byte[(values.length + 7) / 8];
    for (int i = 0; i < values.length; i++) {
      packed[i / 8] |= (byte) ((values[i] & 1) << i % 8);
    }
    return Buffer.buffer().appendUnsignedByte((short) packed.length).appendBytes(packed);
  }
}
