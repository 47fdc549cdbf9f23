package io.plantroom.edge.outbox;

import java.util.List;

/**
 * The durable queue of one lane. Records are numbered 1, 2, 3 … without a hole; a number is never
 * given twice within an {@link #epoch()}. Thread-safe; appends of several threads are put in some
 * order.
 *
 * @param <T> what a record is
 */
public interface Outbox<T> extends AutoCloseable {
  /**
   * Takes records. When it returns, the end of this process cannot lose them; a power cut may lose
   * what is younger than the flush interval, but nothing that was ever handed out by {@link #peek}.
   *
   * @throws OutboxFullException when there is no room; nothing was taken
   */
  void append(List<T> records);

  /**
   * The records from a sequence on, oldest first, only such as a power cut cannot lose any more.
   * The same records are handed out until they are released.
   *
   * @return at most so many; none when there are none, or when those at {@code from} are lost and
   *     ones before them are not yet released; its first sequence is above {@code from} when those
   *     between are lost for good
   */
  Batch<T> peek(long from, int maxRecords, int maxBytes);

  /** The hub has committed all up to this sequence: forget them. Going back does nothing. */
  void release(long upTo);

  /** Highest sequence released so far; 0 at the beginning. */
  long released();

  /** Sequence of the newest record taken; 0 at the beginning. */
  long lastSequence();

  /** Oldest sequence that is still here or, when there is none, the next to come. */
  long firstKept();

  /** Identity of this sequence of records, random, positive; a new folder has a new one. */
  long epoch();

  /** Records lost, as found when it was opened and since then; each is told to the hub once. */
  long lost();

  /** Whether records are taken now; not while the disk is full. */
  default boolean takes() {
    return true;
  }

  /** Losses the hub has not been told of, oldest first; kept over a restart until {@link #told}. */
  default List<Loss> untold() {
    return List.of();
  }

  /** The event that tells this loss is safe. */
  default void told(Loss loss) {}

  /** Called, from any thread and briefly, when there is something new to peek at. One at most. */
  void onReady(Runnable listener);

  /** Records not yet released. */
  default long backlog() {
    return Math.max(0, lastSequence() - firstKept() + 1);
  }

  /** Puts everything on the disk and ends. */
  @Override
  void close();

  /** Some records in sequence. */
  record Batch<T>(long firstSequence, List<T> records) {
    public Batch {
      records = List.copyOf(records);
    }

    public long lastSequence() {
      return firstSequence + records.size() - 1;
    }
  }
}
