package io.plantroom.hub.ingest;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Messages that wait to be decoded, bounded in number and bytes, so that the thousands of small
 * ones that come at once find room and a few large ones do not fill the memory. A message that is
 * larger than the bound waits alone. Thread-safe.
 */
final class Arrivals {
  private static final int MOST = 2_048;
  static final int MOST_BYTES = 16 << 20;

  private final Deque<Delivery> waiting = new ArrayDeque<>();
  private long bytes;

  /** Waits for room. */
  synchronized void put(Delivery next) throws InterruptedException {
    long size = next.payload().length;
    while (waiting.size() >= MOST || (!waiting.isEmpty() && bytes + size > MOST_BYTES)) {
      wait();
    }
    waiting.add(next);
    bytes += size;
    notifyAll();
  }

  /** The one that came first; waits for one. */
  synchronized Delivery take() throws InterruptedException {
    while (waiting.isEmpty()) {
      wait();
    }
    Delivery first = waiting.remove();
    bytes -= first.payload().length;
    notifyAll();
    return first;
  }

  synchronized int size() {
    return waiting.size();
  }
}
