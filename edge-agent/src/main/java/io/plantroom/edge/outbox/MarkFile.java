package io.plantroom.edge.outbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * One growing number in a file. Two places are written in turns, so a power cut in the middle of
 * one leaves the other. Not thread-safe.
 */
final class MarkFile implements AutoCloseable {
  private static final int PLACE = 16;

  private final FileChannel file;
  private long value;
  private int turn;

  MarkFile(Path path) throws IOException {
    file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    for (int i = 0; i < 2; i++) {
      ByteBuffer in = ByteBuffer.allocate(PLACE);
      file.read(in, (long) i * PLACE);
      long found = in.getLong(0);
      if (in.position() == PLACE && in.getLong(8) == crc(in.array()) && found > value) {
        value = found;
        turn = 1 - i;
      }
    }
  }

  long value() {
    return value;
  }

  /** Keeps a higher number; a lower one is ignored. */
  void raise(long to, boolean force) {
    if (to <= value) {
      return;
    }
    ByteBuffer out = ByteBuffer.allocate(PLACE).putLong(to);
    out.putLong(8, crc(out.array())).rewind();
    try {
      file.write(out, (long) turn * PLACE);
      if (force) {
        file.force(false);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    turn = 1 - turn;
    value = to;
  }

  void force() throws IOException {
    file.force(false);
  }

  private static long crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, 8);
    // Never 0, so that a file of zeros is not a number.
    return crc.getValue() | 1L << 40;
  }

  @Override
  public void close() throws IOException {
    file.force(false);
    file.close();
  }
}
