package io.plantroom.edge.outbox;

import java.util.Map;
import java.util.TreeMap;

/** Runs of sequences whose records are lost for good. Not thread-safe. */
final class Holes {
  private final TreeMap<Long, Long> lastByFirst = new TreeMap<>();
  private long total;

  void add(long first, long last) {
    if (last >= first) {
      lastByFirst.merge(first, last, Math::max);
      total += last - first + 1;
    }
  }

  /** The sequence itself, or the first one behind the hole it lies in. */
  long skip(long sequence) {
    long at = sequence;
    for (Map.Entry<Long, Long> hole = lastByFirst.floorEntry(at);
        hole != null && hole.getValue() >= at;
        hole = lastByFirst.floorEntry(at)) {
      at = hole.getValue() + 1;
    }
    return at;
  }

  /** Sequences before this one no longer matter. */
  void forgetBefore(long sequence) {
    while (!lastByFirst.isEmpty() && lastByFirst.firstEntry().getValue() < sequence) {
      lastByFirst.pollFirstEntry();
    }
  }

  /** Records lost since the outbox was opened. */
  long total() {
    return total;
  }
}
