package io.plantroom.hub.backup;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Number and checksum of the rows of a table: the sum, modulo 2^128, of the first halves of their
 * SHA-256. It does not depend on the order, which no database promises. Not thread-safe.
 */
final class RowSum {
  private final MessageDigest digest;
  private long rows;
  private long high;
  private long low;

  RowSum() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** A row as COPY writes it, with or without the line feed at its end. */
  void add(byte[] row, int offset, int length) {
    boolean feed = length > 0 && row[offset + length - 1] == '\n';
    digest.update(row, offset, feed ? length - 1 : length);
    ByteBuffer hash = ByteBuffer.wrap(digest.digest());
    long addHigh = hash.getLong();
    long addLow = hash.getLong();
    low += addLow;
    high += addHigh + (Long.compareUnsigned(low, addLow) < 0 ? 1 : 0);
    rows++;
  }

  long rows() {
    return rows;
  }

  String checksum() {
    return String.format("%016x%016x", high, low);
  }
}
