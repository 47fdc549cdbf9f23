package io.plantroom.edge.outbox;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An outbox for tests: forgets everything with the process. */
public final class InMemoryOutbox<T> implements Outbox<T> {
  private final List<T> records = new ArrayList<>();
  private final long epoch;
  private long released;
  private @Nullable Runnable listener;

  public InMemoryOutbox(long epoch) {
    this.epoch = epoch;
  }

  @Override
  public void append(List<T> more) {
    Runnable ready;
    synchronized (this) {
      records.addAll(more);
      ready = listener;
    }
    if (ready != null) {
      ready.run();
    }
  }

  @Override
  public synchronized Batch<T> peek(long from, int maxRecords, int maxBytes) {
    int first = (int) from - 1;
    int end = Math.min(records.size(), first + maxRecords);
    return new Batch<>(from, first >= end ? List.of() : records.subList(first, end));
  }

  @Override
  public synchronized void release(long upTo) {
    if (upTo > records.size()) {
      throw new IllegalArgumentException("released up to " + upTo);
    }
    released = Math.max(released, upTo);
  }

  @Override
  public synchronized long released() {
    return released;
  }

  @Override
  public synchronized long lastSequence() {
    return records.size();
  }

  @Override
  public synchronized long firstKept() {
    return released + 1;
  }

  @Override
  public long epoch() {
    return epoch;
  }

  @Override
  public long lost() {
    return 0;
  }

  @Override
  public synchronized void onReady(Runnable newListener) {
    listener = newListener;
  }

  @Override
  public void close() {}
}
