package io.plantroom.edge.outbox;

import io.plantroom.wire.Event.LossReason;
import io.plantroom.wire.WireException;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.main.UnlockMain;
import net.openhft.chronicle.queue.rollcycles.LegacyRollCycles;
import net.openhft.chronicle.wire.DocumentContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An outbox in a folder of Chronicle Queue files.
 *
 * <p>The queue's own sync loses data when it is called once for a group, so the file itself is
 * forced, and only what was forced is handed out: a sequence that the hub has seen can then never
 * be given to another record. A file is never written to again after a restart, so no record comes
 * to lie behind damage where a reader would not find it.
 */
public final class ChronicleOutbox<T> implements Outbox<T> {
  private static final Logger LOGGER = LoggerFactory.getLogger(ChronicleOutbox.class);
  private static final int MOST_IN_ENTRY = 500;
  private static final int BLOCK = 1 << 20;

  private final OutboxFolder folder;
  private final OutboxSettings settings;
  private final RecordCodec<T> codec;
  private final Room room;
  private final MarkFile forcedMark;
  private final MarkFile releasedMark;
  private final MarkFile evictedMark;
  private final LossBook book;
  private final RollClock rollClock;
  private final List<String> setAside;
  private final SingleChronicleQueue queue;
  private final ExcerptAppender appender;
  private final QueueReader reader;
  private final QueueFiles files = new QueueFiles();
  private final Holes holes = new Holes();
  private final Refusals refusals = new Refusals();
  private final ScheduledThreadPoolExecutor flusher =
      new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "outbox flush"));

  private @Nullable Runnable listener;
  private int writing = Integer.MIN_VALUE;
  private long last;
  private volatile long forced;
  private long readerAt = -1;
  private boolean closed;

  static {
    // The library would tell its maker that it was started.
    System.setProperty("chronicle.analytics.disable", "true");
  }

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
    book = new LossBook(folder.resolve("."));
    rollClock = new RollClock(LegacyRollCycles.MINUTELY.lengthInMillis(), 0);
    setAside = FileHeads.setAside(folder.resolve("queue"), folder.resolve("damaged"));
    queue = openQueue(folder.resolve("queue"));
    // The queue's own table may still name files that are not there any more.
    queue.refreshDirectoryListing();
    reader = new QueueReader(queue);
    appender = queue.createAppender();
    appender.singleThreadedCheckDisabled(true);
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

  private SingleChronicleQueue openQueue(Path path) throws IOException {
    Path table = path.resolve("metadata.cq4t");
    if (Files.exists(table)) {
      try {
        // We hold the folder, so whoever locked it is dead, even if a process has its number now.
        UnlockMain.main(new String[] {path.toString()});
        return build(path);
      } catch (RuntimeException e) {
        LOGGER.atError().setCause(e).log("the queue's own table is damaged and made anew");
        Path damaged = Files.createDirectories(folder.resolve("damaged"));
        Files.move(table, damaged.resolve("metadata.cq4t"), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return build(path);
  }

  private SingleChronicleQueue build(Path path) {
    return SingleChronicleQueueBuilder.binary(path)
        .rollCycle(LegacyRollCycles.MINUTELY)
        .timeProvider(rollClock)
        .blockSize(BLOCK)
        .build();
  }

  private synchronized void recover() throws IOException {
    long floor = floor();
    Recovery recovery = new Recovery(folder.resolve("."), reader, files, book, floor);
    recovery.blame(setAside);
    recovery.run(Math.max(forcedMark.value(), floor));
    last = recovery.last();
    for (Loss loss : recovery.losses()) {
      lost(loss);
    }
    queue.refreshDirectoryListing();
    deleteUpTo(floor);
    // What an earlier process had written but not forced.
    File newest = reader.currentFile();
    if (newest != null && newest.exists()) {
      force(newest);
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
      refusals.add(records.size(), times);
      throw new OutboxFullException(room + ": nothing more is taken");
    }
    ownUpToRefusals();
    Entry entry = new Entry(last + 1, records.size(), times, codec.encode(records));
    byte[] bytes = entry.toBytes();
    if (writing == Integer.MIN_VALUE || files.bytesOf(writing) >= settings.fileBytes()) {
      roll();
    }
    try (DocumentContext document = appender.writingDocument()) {
      Objects.requireNonNull(document.wire()).bytes().write(bytes);
    } catch (InternalError e) {
      // The disk failed under a mapped file: nothing about this queue is certain any more.
      throw new OutboxException("the disk of the outbox fails: " + e.getMessage(), e);
    }
    last = entry.lastSequence();
    writing = appender.cycle();
    files.grew(writing, Objects.requireNonNull(appender.currentFile()), entry, bytes.length);
    reader.signpost(entry.firstSequence(), appender.lastIndexAppended());
  }

  /** Above the quota the oldest files go. What went is written down before. */
  private void evict() {
    while (files.bytes() > settings.quotaBytes()) {
      QueueFiles.Info oldest = files.oldest(writing);
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
          book.add(loss);
        } catch (IOException e) {
          throw new OutboxException("a loss cannot be written down: " + e.getMessage(), e);
        }
        evictedMark.raise(upTo, true);
        lost(loss);
      }
      deleteUpTo(upTo);
    }
  }

  /** There is room again: what was not taken meanwhile gets its place in the sequence, as lost. */
  private void ownUpToRefusals() {
    Refusals.Sum sum = refusals.sum();
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
      book.add(loss);
    } catch (IOException e) {
      throw new OutboxFullException("a loss cannot be written down: " + e.getMessage());
    }
    // The number is never given to another record, whatever happens before the next one is written.
    flush();
    forcedMark.raise(loss.to(), true);
    last = loss.to();
    forced = last;
    lost(loss);
    refusals.clear();
  }

  private void lost(Loss loss) {
    holes.add(loss.from(), loss.to());
    try {
      book.add(loss);
    } catch (IOException e) {
      // It is kept in memory and told; only a restart before that would forget the reason.
      LOGGER.atError().setCause(e).log("a loss cannot be written down");
    }
    LOGGER
        .atError()
        .addKeyValue("reason", loss.reason())
        .addKeyValue("from", loss.from())
        .addKeyValue("to", loss.to())
        .log("records of the outbox are lost");
  }

  @Override
  public boolean takes() {
    return room.left();
  }

  @Override
  public synchronized List<Loss> untold() {
    return book.untold();
  }

  @Override
  public synchronized void told(Loss loss) {
    try {
      book.told(loss);
    } catch (IOException e) {
      // After a restart it is told once more, which harms nobody.
      LOGGER.atWarn().setCause(e).log("it cannot be written down that a loss was told");
    }
  }

  /** The old file goes to the disk before the first record of the next one is written. */
  private void roll() {
    File old = writing == Integer.MIN_VALUE ? null : appender.currentFile();
    if (old != null) {
      force(old);
      force(folder.resolve("queue/metadata.cq4t").toFile());
    }
    int newest = queue.lastCycle();
    rollClock.next(newest == Integer.MIN_VALUE ? 1 : newest + 1L);
  }

  private void force(File file) {
    try (FileChannel channel = FileChannel.open(file.toPath(), StandardOpenOption.WRITE)) {
      channel.force(true);
      OutboxFolder.force(folder.resolve("queue"));
    } catch (IOException e) {
      throw new OutboxException("outbox cannot be put on the disk: " + e.getMessage(), e);
    }
  }

  /** Puts all records taken so far on the disk and makes them ready to be handed out. */
  void flush() {
    File file;
    long upTo;
    synchronized (this) {
      file = appender.currentFile();
      upTo = last;
    }
    if (file == null || upTo <= forced) {
      return;
    }
    // Outside of the lock: devices go on being read while the disk is slow.
    force(file);
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
    long first = holes.skip(from);
    List<T> records = new ArrayList<>();
    if (closed || first > forced || (first > from && firstKept() < first)) {
      return new Batch<>(from, records);
    }
    if (readerAt != first) {
      reader.seek(first);
    }
    long bytes = 0;
    while (first + records.size() <= forced) {
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
      if (entry.firstSequence() > want && holes.skip(want) < entry.firstSequence()) {
        damaged(want, entry.firstSequence() - 1);
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
    readerAt = first + records.size();
    return new Batch<>(first, records);
  }

  /** Null when this version cannot read it: one such entry must not hold up all behind it. */
  private @Nullable List<T> decode(Entry entry) {
    try {
      return codec.decode(entry.payload(), entry.count());
    } catch (WireException e) {
      LOGGER.atError().setCause(e).log("an entry whose check is right cannot be read");
      damaged(entry.firstSequence(), entry.lastSequence());
      return null;
    }
  }

  private void damaged(long from, long to) {
    lost(new Loss(LossReason.DAMAGED, from, to, null, null, "found while reading"));
  }

  @Override
  public synchronized void release(long upTo) {
    if (upTo > last) {
      throw new IllegalArgumentException("released up to " + upTo + ", the last is " + last);
    }
    releasedMark.raise(upTo, false);
    deleteUpTo(floor());
    holes.forgetBefore(floor());
    book.forgetBefore(floor());
    reader.forgetBefore(floor());
  }

  private void deleteUpTo(long sequence) {
    try {
      QueueFiles.Info oldest = files.oldest(writing);
      if (oldest == null || oldest.lastSequence() > sequence) {
        return;
      }
      // Else a power cut could leave a queue that lacks what was never known to be released.
      releasedMark.force();
      boolean any = false;
      while (files.deleteOldest(sequence, writing)) {
        any = true;
      }
      if (any) {
        queue.refreshDirectoryListing();
        readerAt = -1;
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
    return holes.skip(floor() + 1);
  }

  @Override
  public long epoch() {
    return folder.epoch();
  }

  @Override
  public synchronized long lost() {
    return holes.total() + refusals.count();
  }

  @Override
  public synchronized void onReady(Runnable newListener) {
    listener = newListener;
  }

  @Override
  public void close() {
    flusher.shutdownNow();
    flush();
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      queue.close();
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
