package io.plantroom.edge.driver.modbus;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The header of Modbus TCP: transaction, protocol 0, length of what follows, unit. */
final class TcpFraming implements Framing {
  private static final int HEADER = 7;

  @Override
  public byte[] frame(int transaction, int unit, byte[] pdu) {
    return ByteBuffer.allocate(HEADER + pdu.length)
        .putShort((short) transaction)
        .putShort((short) 0)
        .putShort((short) (pdu.length + 1))
        .put((byte) unit)
        .put(pdu)
        .array();
  }

  @Override
  public @Nullable Frame next(ByteBuffer in) throws BadAnswer {
    if (in.remaining() < HEADER) {
      return null;
    }
    int at = in.position();
    int protocol = in.getShort(at + 2) & 0xFFFF;
    int length = in.getShort(at + 4) & 0xFFFF;
    if (protocol != 0) {
      throw BadAnswer.mismatch("protocol id " + protocol);
    }
    if (length < 2 || length > 254) {
      throw BadAnswer.mismatch("a frame of " + length + " bytes");
    }
    if (in.remaining() < length + HEADER - 1) {
      return null;
    }
    int transaction = in.getShort() & 0xFFFF;
    in.position(at + HEADER - 1);
    int unit = in.get() & 0xFF;
    byte[] pdu = new byte[length - 1];
    in.get(pdu);
    return new Frame(transaction, unit, pdu);
  }

  @Override
  public boolean numbered() {
    return true;
  }
}
