package io.plantroom.edge.outbox;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the queue's files: some records that were appended together. The queue itself reads
 * damaged bytes back without a word, so each entry carries its own check.
 *
 * <pre>
 * CRC-32C of the rest, int32 · layout 1, int8 · first sequence, int64 · count, int32 · payload
 * </pre>
 */
final class Entry {
  private static final byte LAYOUT = 1;
  private static final int HEAD = 4 + 1 + 8 + 4;

  private final long firstSequence;
  private final int count;
  private final byte[] payload;

  Entry(long firstSequence, int count, byte[] payload) {
    this.firstSequence = firstSequence;
    this.count = count;
    this.payload = payload;
  }

  long firstSequence() {
    return firstSequence;
  }

  int count() {
    return count;
  }

  /** Not a copy. */
  byte[] payload() {
    return payload;
  }

  long lastSequence() {
    return firstSequence + count - 1;
  }

  byte[] toBytes() {
    ByteBuffer out = ByteBuffer.allocate(HEAD + payload.length);
    out.putInt(0).put(LAYOUT).putLong(firstSequence).putInt(count).put(payload);
    out.putInt(0, crc(out.array()));
    return out.array();
  }

  /** Null when the bytes are not what was written. */
  static @Nullable Entry of(byte[] bytes) {
    if (bytes.length < HEAD) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.getInt() != crc(bytes) || in.get() != LAYOUT) {
      return null;
    }
    return new Entry(in.getLong(), in.getInt(), Arrays.copyOfRange(bytes, HEAD, bytes.length));
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 4, bytes.length - 4);
    return (int) crc.getValue();
  }
}
