package io.plantroom.edge.uplink;

import java.util.concurrent.atomic.LongAdder;

/** What happened on a lane since the start. Written by the uplink's thread, read by any. */
public final class LaneCounters {
  private final LongAdder frames = new LongAdder();
  private final LongAdder records = new LongAdder();
  private final LongAdder receipts = new LongAdder();
  private final LongAdder ignored = new LongAdder();
  private final LongAdder rewinds = new LongAdder();
  private volatile boolean refused;

  void sent(int count) {
    frames.increment();
    records.add(count);
  }

  void receipt() {
    receipts.increment();
  }

  void ignored() {
    ignored.increment();
  }

  void rewound() {
    rewinds.increment();
  }

  void refused(boolean now) {
    refused = now;
  }

  public long frames() {
    return frames.sum();
  }

  /** Records sent, those sent again included. */
  public long records() {
    return records.sum();
  }

  public long receipts() {
    return receipts.sum();
  }

  /** Receipts of another epoch or of an earlier round. */
  public long ignoredReceipts() {
    return ignored.sum();
  }

  public long rewinds() {
    return rewinds.sum();
  }

  /** Whether the hub's last word was that it does not take this gateway's data. */
  public boolean isRefused() {
    return refused;
  }
}
