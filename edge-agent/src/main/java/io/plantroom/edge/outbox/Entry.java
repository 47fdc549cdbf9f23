package io.plantroom.edge.outbox;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Some records as they stand in the queue. The queue itself keeps no checksum, and hides what it
 * cannot read, so each entry carries its own check.
 *
 * <pre>
 * CRC-32C of the rest, int32 · layout 2, int8 · first sequence, int64 · count, int32
 * milliseconds since 1970 of the oldest and of the newest record, 2 × int64 · payload
 * </pre>
 *
 * Layout 1 was the same without the times and is still read.
 */
final class Entry {
  private static final byte UNTIMED = 1;
  private static final byte LAYOUT = 2;
  private static final int UNTIMED_HEAD = 4 + 1 + 8 + 4;
  private static final int HEAD = UNTIMED_HEAD + 8 + 8;

  private final long firstSequence;
  private final int count;
  private final Times times;
  private final byte[] payload;

  /** When the oldest and the newest of some records were made; not known in old files. */
  record Times(@Nullable Instant oldest, @Nullable Instant newest) {
    static final Times UNKNOWN = new Times(null, null);

    Times and(Times other) {
      return new Times(
          oldest == null || (other.oldest != null && other.oldest.isBefore(oldest))
              ? other.oldest
              : oldest,
          newest == null || (other.newest != null && other.newest.isAfter(newest))
              ? other.newest
              : newest);
    }
  }

  Entry(long firstSequence, int count, Times times, byte[] payload) {
    this.firstSequence = firstSequence;
    this.count = count;
    this.times = times;
    this.payload = payload;
  }

  long firstSequence() {
    return firstSequence;
  }

  int count() {
    return count;
  }

  Times times() {
    return times;
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
    out.putInt(0).put(LAYOUT).putLong(firstSequence).putInt(count);
    out.putLong(millis(times.oldest)).putLong(millis(times.newest)).put(payload);
    out.putInt(0, crc(out.array()));
    return out.array();
  }

  private static long millis(@Nullable Instant at) {
    return at == null ? Long.MIN_VALUE : at.toEpochMilli();
  }

  private static @Nullable Instant at(long millis) {
    return millis == Long.MIN_VALUE ? null : Instant.ofEpochMilli(millis);
  }

  /** Null when the bytes are not what was written. */
  static @Nullable Entry of(byte[] bytes) {
    if (bytes.length < UNTIMED_HEAD) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int check = in.getInt();
    byte layout = in.get();
    boolean timed = layout == LAYOUT && bytes.length >= HEAD;
    if (check != crc(bytes) || (layout != UNTIMED && !timed)) {
      return null;
    }
    long first = in.getLong();
    int count = in.getInt();
    if (first < 1 || count < 1) {
      return null;
    }
    Times times = timed ? new Times(at(in.getLong()), at(in.getLong())) : Times.UNKNOWN;
    return new Entry(first, count, times, Arrays.copyOfRange(bytes, in.position(), bytes.length));
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 4, bytes.length - 4);
    return (int) crc.getValue();
  }
}
