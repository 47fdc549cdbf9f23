package io.plantroom.wire;

import io.plantroom.telemetry.Lane;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads what {@link WireWriter} wrote; says where it stopped when it cannot. */
final class WireReader {
  private static final VarHandle INT64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] bytes;
  private final int end;
  private int at;
  private int lane = -1;

  WireReader(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  int int8() throws WireException {
    need(1);
    return bytes[at++] & 0xFF;
  }

  int int32() throws WireException {
    return (int8() << 24) | (int8() << 16) | (int8() << 8) | int8();
  }

  long int64() throws WireException {
    need(Long.BYTES);
    at += Long.BYTES;
    return (long) INT64.get(bytes, at - Long.BYTES);
  }

  long varint() throws WireException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int b = int8();
      value |= (long) (b & 0x7F) << shift;
      if ((b & 0x80) == 0) {
        return value;
      }
    }
    throw new WireException("number at byte " + at + " has more than 64 bits");
  }

  long zigzag() throws WireException {
    long value = varint();
    return (value >>> 1) ^ -(value & 1);
  }

  int count(String what, int most) throws WireException {
    long value = varint();
    if (value < 0 || value > most) {
      throw new WireException(what + " must be 0 to " + most + ", got " + value);
    }
    return (int) value;
  }

  String text() throws WireException {
    int length = count("length of text", end - at);
    return new String(bytes(length), StandardCharsets.UTF_8);
  }

  byte[] bytes(int count) throws WireException {
    need(count);
    at += count;
    return Arrays.copyOfRange(bytes, at - count, at);
  }

  /** Lane and flags stand together before the gateway; the lane is kept for {@link #lane()}. */
  int flags() throws WireException {
    lane = int8();
    return int8();
  }

  Lane lane() throws WireException {
    try {
      return Lane.of(lane);
    } catch (IllegalArgumentException e) {
      throw new WireException("header: " + e.getMessage(), e);
    }
  }

  byte[] rest() throws WireException {
    return bytes(end - at);
  }

  void end() throws WireException {
    if (at != end) {
      throw new WireException((end - at) + " bytes too many at byte " + at);
    }
  }

  private void need(int count) throws WireException {
    if (count < 0 || end - at < count) {
      throw new WireException("ends at byte " + at + ", " + count + " more expected");
    }
  }
}
