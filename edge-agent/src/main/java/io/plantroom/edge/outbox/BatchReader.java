package io.plantroom.edge.outbox;

import io.plantroom.wire.WireException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the records of a queue together to batches without holes, each from where the last one ended
 * unless told otherwise. Not thread-safe.
 */
final class BatchReader<T> {
  private static final Logger LOGGER = LoggerFactory.getLogger(BatchReader.class);

  private final QueueReader reader;
  private final RecordCodec<T> codec;
  private final Losses losses;

  /** The sequence the reader stands before; -1 when that is not known. */
  private long at = -1;

  BatchReader(QueueReader reader, RecordCodec<T> codec, Losses losses) {
    this.reader = reader;
    this.codec = codec;
    this.losses = losses;
  }

  /** Files have gone from the queue, so where the reader stands means nothing any more. */
  void lost() {
    at = -1;
  }

  /**
   * The records from {@code first} on up to the next hole.
   *
   * @param upTo sequence of the last record that may be handed out
   * @param maxBytes bytes on the disk; one entry is read even if it is larger
   */
  Outbox.Batch<T> read(long first, long upTo, int maxRecords, int maxBytes) {
    if (at != first) {
      reader.seek(first);
    }
    List<T> records = new ArrayList<>();
    long bytes = 0;
    while (first + records.size() <= upTo) {
      long index = reader.index();
      byte[] read = reader.next();
      if (read == null) {
        break;
      }
      Entry entry = Entry.of(read);
      long want = first + records.size();
      if (entry == null || entry.lastSequence() < want) {
        continue;
      }
      if (entry.firstSequence() > want && losses.skip(want) < entry.firstSequence()) {
        losses.addDamaged(want, entry.firstSequence() - 1);
      }
      int skip = (int) Math.max(0, want - entry.firstSequence());
      boolean full = records.size() + entry.count() - skip > maxRecords;
      boolean fits = !full && bytes + read.length <= maxBytes;
      List<T> more =
          entry.firstSequence() > want || (!fits && !records.isEmpty()) ? null : decode(entry);
      if (more == null) {
        reader.moveTo(index);
        break;
      }
      int end = Math.min(entry.count(), skip + maxRecords);
      records.addAll(more.subList(skip, end));
      bytes += read.length;
      if (end < entry.count()) {
        reader.moveTo(index);
        break;
      }
    }
    at = first + records.size();
    return new Outbox.Batch<>(first, records);
  }

  /** Null when this version cannot read it: one such entry must not hold up all behind it. */
  private @Nullable List<T> decode(Entry entry) {
    try {
      return codec.decode(entry.payload(), entry.count());
    } catch (WireException e) {
      LOGGER.atError().setCause(e).log("an entry whose check is right cannot be read");
      losses.addDamaged(entry.firstSequence(), entry.lastSequence());
      return null;
    }
  }
}
