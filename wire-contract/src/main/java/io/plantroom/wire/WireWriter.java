package io.plantroom.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing byte array with the primitives of the contract. */
final class WireWriter {
  private byte[] bytes;
  private int length;

  WireWriter(int expected) {
    bytes = new byte[Math.max(expected, 32)];
  }

  WireWriter int8(int value) {
    room(1);
    bytes[length++] = (byte) value;
    return this;
  }

  WireWriter int32(int value) {
    return int8(value >> 24).int8(value >> 16).int8(value >> 8).int8(value);
  }

  WireWriter int64(long value) {
    return int32((int) (value >> 32)).int32((int) value);
  }

  /** Unsigned, seven bits a byte, low bits first. */
  WireWriter varint(long value) {
    room(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
    return this;
  }

  /** Signed, small for values near zero on either side. */
  WireWriter zigzag(long value) {
    return varint((value << 1) ^ (value >> 63));
  }

  WireWriter text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return varint(utf8.length).bytes(utf8);
  }

  WireWriter bytes(byte[] more) {
    room(more.length);
    System.arraycopy(more, 0, bytes, length, more.length);
    length += more.length;
    return this;
  }

  byte[] array() {
    return bytes;
  }

  int length() {
    return length;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  private void room(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
