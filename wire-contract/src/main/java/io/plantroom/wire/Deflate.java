package io.plantroom.wire;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

final class Deflate {
  private Deflate() {}

  static byte[] pack(byte[] plain) {
    // Fastest level: it already takes most of what the columns leave, and gateways are small.
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    try {
      deflater.setInput(plain);
      deflater.finish();
      byte[] out = new byte[plain.length];
      int n = deflater.deflate(out);
      return deflater.finished() ? Arrays.copyOf(out, n) : plain;
    } finally {
      deflater.end();
    }
  }

  static byte[] unpack(byte[] packed, int length) throws WireException {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(packed);
      byte[] out = new byte[length];
      int n = 0;
      while (n < length) {
        int step = inflater.inflate(out, n, length - n);
        if (step == 0) {
          throw new WireException("body ends after " + n + " of " + length + " bytes");
        }
        n += step;
      }
      return out;
    } catch (DataFormatException e) {
      throw new WireException("body cannot be inflated: " + e.getMessage(), e);
    } finally {
      inflater.end();
    }
  }
}
