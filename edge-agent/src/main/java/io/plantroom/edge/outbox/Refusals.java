package io.plantroom.edge.outbox;

import org.jspecify.annotations.Nullable;

/** What could not be taken because the disk was full, until that can be told. Not thread-safe. */
final class Refusals {
  private long count;
  private Entry.Times times = Entry.Times.UNKNOWN;

  /** How many, and from when to when. */
  record Sum(long count, Entry.Times times) {}

  void add(int more, Entry.Times when) {
    count += more;
    times = times.and(when);
  }

  long count() {
    return count;
  }

  /** Null when there is nothing to tell. */
  @Nullable Sum sum() {
    return count == 0 ? null : new Sum(count, times);
  }

  void clear() {
    count = 0;
    times = Entry.Times.UNKNOWN;
  }
}
