package io.plantroom.hub.ingest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes messages while those before are being stored, in their order. What waits to be stored is
 * bounded in frames, records and bytes, and becomes one transaction.
 */
final class DecodeAhead {
  private static final int MOST_FRAMES = 1_024;
  private static final int MOST_RECORDS = 100_000;
  static final int MOST_BYTES = 32 << 20;

  private final Arrivals from;
  private List<Incoming> ready = new ArrayList<>();
  private int records;
  private long bytes;
  private @Nullable Thread worker;

  DecodeAhead(Arrivals from) {
    this.from = from;
  }

  void start() {
    Thread thread = new Thread(this::work, "ingest-decode");
    thread.start();
    worker = thread;
  }

  /** What is decoded but not taken was not answered and comes again. */
  void stop() {
    Thread thread = worker;
    if (thread != null) {
      thread.interrupt();
    }
  }

  /**
   * All that is ready, as soon as there is any: it never waits for more, because with manual
   * acknowledgement the broker may hold back until we answer.
   *
   * @return empty when nothing came in time
   */
  synchronized List<Incoming> take(Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    for (long left = atMost.toMillis();
        ready.isEmpty() && left > 0;
        left = (end - System.nanoTime()) / 1_000_000) {
      wait(left);
    }
    List<Incoming> taken = ready;
    ready = new ArrayList<>();
    records = 0;
    bytes = 0;
    notifyAll();
    return taken;
  }

  private void work() {
    try {
      while (true) {
        put(Incoming.of(from.take()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void put(Incoming frame) throws InterruptedException {
    long size = frame.bytes();
    while (ready.size() >= MOST_FRAMES
        || (!ready.isEmpty()
            && (records + frame.records() > MOST_RECORDS || bytes + size > MOST_BYTES))) {
      wait();
    }
    ready.add(frame);
    records += frame.records();
    bytes += size;
    notifyAll();
  }
}
