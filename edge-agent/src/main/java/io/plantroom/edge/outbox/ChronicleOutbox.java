package io.plantroom.edge.outbox;

import io.plantroom.wire.Event.LossReason;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An outbox in a folder of Chronicle Queue files.
 *
 * <p>Only what was forced to the disk is handed out: a sequence that the hub has seen can then
 * never be given to another record.
 */
public final class ChronicleOutbox<T> implements Outbox<T> {
  private static final Logger LOGGER = LoggerFactory.getLogger(ChronicleOutbox.class);
  private static final int MOST_IN_ENTRY = 500;

  private final OutboxFolder folder;
  private final OutboxSettings settings;
  private final RecordCodec<T> codec;
  private final Room room;
  private final MarkFile forcedMark;
  private final MarkFile releasedMark;
  private final MarkFile evictedMark;
  private final Losses losses;
  private final List<String> setAside;
  private final QueueWriter writer;
  private final QueueReader reader;
  private final BatchReader<T> batches;
  private final QueueFiles files = new QueueFiles();
  private final ScheduledThreadPoolExecutor flusher =
      new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "outbox flush"));

  private @Nullable Runnable listener;
  private long last;
  private volatile long forced;
  private boolean closed;

  private ChronicleOutbox(
      OutboxFolder folder, OutboxSettings settings, RecordCodec<T> codec, Room room)
      throws IOException {
    this.folder = folder;
    this.settings = settings;
    this.codec = codec;
    this.room = room;
    forcedMark = new MarkFile(folder.resolve("forced"));
    releasedMark = new MarkFile(folder.resolve("released"));
    evictedMark = new MarkFile(folder.resolve("evicted"));
    losses = new Losses(folder.resolve("."));
    setAside = FileHeads.setAside(folder.resolve("queue"), folder.resolve("damaged"));
    writer = new QueueWriter(folder, settings.fileBytes());
    reader = new QueueReader(writer.queue());
    batches = new BatchReader<>(reader, codec, losses);
  }

  /**
   * Opens an outbox, or makes one when the folder is new, and reads all that is in it once.
   *
   * @throws OutboxException when another process has it or the disk fails
   */
  public static <T> ChronicleOutbox<T> open(
      Path path, RecordCodec<T> codec, OutboxSettings settings) {
    return open(path, codec, settings, Room.of(path, settings.reserveBytes()));
  }

  static <T> ChronicleOutbox<T> open(
      Path path, RecordCodec<T> codec, OutboxSettings settings, Room room) {
    try {
      OutboxFolder folder = new OutboxFolder(path);
      try {
        ChronicleOutbox<T> outbox = new ChronicleOutbox<>(folder, settings, codec, room);
        outbox.recover();
        return outbox;
      } catch (IOException | RuntimeException e) {
        folder.close();
        throw e;
      } catch (InternalError e) {
        folder.close();
        throw new OutboxException("outbox " + path + ": the disk fails: " + e.getMessage(), e);
      }
    } catch (IOException e) {
      throw new OutboxException("outbox " + path + ": " + e.getMessage(), e);
    }
  }

  private synchronized void recover() throws IOException {
    long floor = floor();
    Recovery recovery = new Recovery(folder.resolve("."), reader, files, losses, floor);
    recovery.blame(setAside);
    recovery.run(Math.max(forcedMark.value(), floor));
    last = recovery.last();
    for (Loss loss : recovery.losses()) {
      losses.add(loss);
    }
    writer.queue().refreshDirectoryListing();
    deleteUpTo(floor);
    // What an earlier process had written but not forced.
    File newest = reader.currentFile();
    if (newest != null && newest.exists()) {
      writer.force(newest);
    }
    forcedMark.raise(last, true);
    forced = last;
    long every = settings.flush().toNanos();
    if (every > 0) {
      var unused =
          flusher.scheduleWithFixedDelay(this::flushQuietly, every, every, TimeUnit.NANOSECONDS);
    }
  }

  /** Sequences up to here are released, or had to go. */
  private long floor() {
    return Math.max(releasedMark.value(), evictedMark.value());
  }

  @Override
  public void append(List<T> records) {
    for (int i = 0; i < records.size(); i += MOST_IN_ENTRY) {
      appendEntry(records.subList(i, Math.min(records.size(), i + MOST_IN_ENTRY)));
    }
    if (settings.flush().isZero()) {
      flush();
    }
  }

  private synchronized void appendEntry(List<T> records) {
    if (closed) {
      throw new OutboxException("outbox is closed");
    }
    Entry.Times times =
        records.stream()
            .map(r -> new Entry.Times(codec.at(r), codec.at(r)))
            .reduce(Entry.Times.UNKNOWN, Entry.Times::and);
    evict();
    if (!room.enough()) {
      losses.refusals().add(records.size(), times);
      throw new OutboxFullException(room + ": nothing more is taken");
    }
    ownUpToRefusals();
    Entry entry = new Entry(last + 1, records.size(), times, codec.encode(records));
    writer.write(entry, files, reader);
    last = entry.lastSequence();
  }

  /** Above the quota the oldest files go. What went is written down before. */
  private void evict() {
    while (files.bytes() > settings.quotaBytes()) {
      QueueFiles.Info oldest = files.oldest(writer.writing());
      if (oldest == null) {
        return;
      }
      long from = firstKept();
      long upTo = oldest.lastSequence();
      if (upTo >= from) {
        Loss loss =
            new Loss(
                LossReason.EVICTED,
                from,
                upTo,
                oldest.times().oldest(),
                oldest.times().newest(),
                "quota of " + settings.quotaBytes() + " bytes reached");
        try {
          losses.announce(loss);
        } catch (IOException e) {
          throw new OutboxException("a loss cannot be written down: " + e.getMessage(), e);
        }
        evictedMark.raise(upTo, true);
        losses.add(loss);
      }
      deleteUpTo(upTo);
    }
  }

  /** There is room again: what was not taken meanwhile gets its place in the sequence, as lost. */
  private void ownUpToRefusals() {
    Refusals.Sum sum = losses.refusals().sum();
    if (sum == null) {
      return;
    }
    Loss loss =
        new Loss(
            LossReason.EVICTED,
            last + 1,
            last + sum.count(),
            sum.times().oldest(),
            sum.times().newest(),
            "disk full: not taken");
    try {
      losses.announce(loss);
    } catch (IOException e) {
      throw new OutboxFullException("a loss cannot be written down: " + e.getMessage());
    }
    // The number is never given to another record, whatever happens before the next one is written.
    flush();
    forcedMark.raise(loss.to(), true);
    last = loss.to();
    forced = last;
    losses.add(loss);
    losses.refusals().clear();
  }

  @Override
  public boolean takes() {
    return room.left();
  }

  @Override
  public synchronized List<Loss> untold() {
    return losses.untold();
  }

  @Override
  public synchronized void told(Loss loss) {
    losses.told(loss);
  }

  /** Puts all records taken so far on the disk and makes them ready to be handed out. */
  void flush() {
    File file;
    long upTo;
    synchronized (this) {
      file = writer.currentFile();
      upTo = last;
    }
    if (file == null || upTo <= forced) {
      return;
    }
    // Outside of the lock: devices go on being read while the disk is slow.
    writer.force(file);
    Runnable ready;
    synchronized (this) {
      if (closed) {
        return;
      }
      forcedMark.raise(upTo, true);
      forced = Math.max(forced, upTo);
      ready = listener;
    }
    if (ready != null) {
      ready.run();
    }
  }

  private void flushQuietly() {
    try {
      flush();
    } catch (RuntimeException e) {
      // Nothing is handed out that is not on the disk, so this can be tried again.
      LOGGER.atError().setCause(e).log("outbox cannot be put on the disk");
    }
  }

  @Override
  public synchronized Batch<T> peek(long from, int maxRecords, int maxBytes) {
    long first = losses.skip(from);
    if (closed || first > forced || (first > from && firstKept() < first)) {
      return new Batch<>(from, List.of());
    }
    return batches.read(first, forced, maxRecords, maxBytes);
  }

  @Override
  public synchronized void release(long upTo) {
    if (upTo > last) {
      throw new IllegalArgumentException("released up to " + upTo + ", the last is " + last);
    }
    releasedMark.raise(upTo, false);
    deleteUpTo(floor());
    losses.forgetBefore(floor());
    reader.forgetBefore(floor());
  }

  private void deleteUpTo(long sequence) {
    try {
      QueueFiles.Info oldest = files.oldest(writer.writing());
      if (oldest == null || oldest.lastSequence() > sequence) {
        return;
      }
      // Else a power cut could leave a queue that lacks what was never known to be released.
      releasedMark.force();
      boolean any = false;
      while (files.deleteOldest(sequence, writer.writing())) {
        any = true;
      }
      if (any) {
        writer.queue().refreshDirectoryListing();
        batches.lost();
      }
    } catch (IOException e) {
      throw new OutboxException("a released file cannot be deleted: " + e.getMessage(), e);
    }
  }

  @Override
  public synchronized long released() {
    return releasedMark.value();
  }

  @Override
  public synchronized long lastSequence() {
    return last;
  }

  @Override
  public synchronized long firstKept() {
    return losses.skip(floor() + 1);
  }

  @Override
  public long epoch() {
    return folder.epoch();
  }

  @Override
  public synchronized long lost() {
    return losses.total();
  }

  @Override
  public synchronized void onReady(Runnable newListener) {
    listener = newListener;
  }

  @Override
  public void close() {
    // Not interrupted: that would close the files under a flush that is at work.
    flusher.shutdown();
    try {
      var unused = flusher.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    flush();
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      writer.close();
      try {
        forcedMark.close();
        releasedMark.close();
        evictedMark.close();
        folder.close();
      } catch (IOException e) {
        throw new OutboxException("outbox cannot be closed: " + e.getMessage(), e);
      }
    }
  }

  /** Settings for a gateway's disk with this flush interval. */
  public static OutboxSettings settings(Duration flush) {
    return new OutboxSettings(flush, 16L << 20, 2L << 30, 32L << 20);
  }
}
