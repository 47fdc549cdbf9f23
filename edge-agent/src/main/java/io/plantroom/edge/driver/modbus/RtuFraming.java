package io.plantroom.edge.driver.modbus;

import com.ghgande.j2mod.modbus.util.ModbusUtil;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Modbus RTU: unit, function, data, CRC. The length of an answer is read from its beginning, since
 * over TCP and through operating systems the pauses that mark the end on the wire are lost.
 */
final class RtuFraming implements Framing {
  private static final int CRC = 2;

  @Override
  public byte[] frame(int transaction, int unit, byte[] pdu) {
    byte[] frame = new byte[1 + pdu.length + CRC];
    frame[0] = (byte) unit;
    System.arraycopy(pdu, 0, frame, 1, pdu.length);
    int crc = crc(frame, frame.length - CRC);
    frame[frame.length - 2] = (byte) crc;
    frame[frame.length - 1] = (byte) (crc >> 8);
    return frame;
  }

  @Override
  public @Nullable Frame next(ByteBuffer in) throws BadAnswer {
    if (in.remaining() < 3) {
      return null;
    }
    int at = in.position();
    int length = length(in.get(at + 1) & 0xFF, in.get(at + 2) & 0xFF);
    if (in.remaining() < length) {
      return null;
    }
    byte[] frame = new byte[length];
    in.get(frame);
    int crc = (frame[length - 2] & 0xFF) | (frame[length - 1] & 0xFF) << 8;
    if (crc != crc(frame, length - CRC)) {
      throw BadAnswer.mismatch("wrong checksum");
    }
    byte[] pdu = new byte[length - 1 - CRC];
    System.arraycopy(frame, 1, pdu, 0, pdu.length);
    return new Frame(0, frame[0] & 0xFF, pdu);
  }

  private static int length(int function, int third) throws BadAnswer {
    if ((function & Question.EXCEPTION) != 0) {
      return 3 + CRC;
    }
    return switch (function) {
      case 1, 2, 3, 4 -> 3 + third + CRC;
      case 5, 6, 15, 16 -> 6 + CRC;
      default -> throw BadAnswer.mismatch("function " + function);
    };
  }

  @Override
  public boolean numbered() {
    return false;
  }

  /** CRC-16 of Modbus; the one that goes first is the low byte. */
  static int crc(byte[] bytes, int length) {
    int[] crc = ModbusUtil.calculateCRC(bytes, 0, length);
    return crc[0] | crc[1] << 8;
  }
}
