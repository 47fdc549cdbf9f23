package io.plantroom.edge.outbox;

import io.plantroom.wire.WireException;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.main.UnlockMain;
import net.openhft.chronicle.queue.rollcycles.LegacyRollCycles;
import net.openhft.chronicle.wire.DocumentContext;
import net.openhft.chronicle.wire.Wire;
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
  private static final int SIGNPOST_EVERY = 64;
  private static final int BLOCK = 1 << 20;

  private final OutboxFolder folder;
  private final OutboxSettings settings;
  private final RecordCodec<T> codec;
  private final MarkFile forcedMark;
  private final MarkFile releasedMark;
  private final RollClock rollClock;
  private final SingleChronicleQueue queue;
  private final ExcerptAppender appender;
  private final ExcerptTailer tailer;
  private final QueueFiles files = new QueueFiles();
  private final Holes holes = new Holes();
  private final ScheduledThreadPoolExecutor flusher = new ScheduledThreadPoolExecutor(1);

  /** Where in the queue some sequences stand, so that a rewind need not read from the start. */
  private final TreeMap<Long, Long> signposts = new TreeMap<>();

  private @Nullable Runnable listener;
  private int sinceSignpost;
  private int writing = Integer.MIN_VALUE;
  private long last;
  private volatile long forced;
  private long tailerAt = -1;
  private boolean closed;

  static {
    // The library would tell its maker that it was started.
    System.setProperty("chronicle.analytics.disable", "true");
  }

  private ChronicleOutbox(OutboxFolder folder, OutboxSettings settings, RecordCodec<T> codec)
      throws IOException {
    this.folder = folder;
    this.settings = settings;
    this.codec = codec;
    forcedMark = new MarkFile(folder.resolve("forced"));
    releasedMark = new MarkFile(folder.resolve("released"));
    Path path = folder.resolve("queue");
    if (Files.exists(path.resolve("metadata.cq4t"))) {
      // We hold the folder, so whoever locked it is dead, even if a process has its number now.
      UnlockMain.main(new String[] {path.toString()});
    }
    rollClock = new RollClock(LegacyRollCycles.MINUTELY.lengthInMillis(), 0);
    queue =
        SingleChronicleQueueBuilder.binary(path)
            .rollCycle(LegacyRollCycles.MINUTELY)
            .timeProvider(rollClock)
            .blockSize(BLOCK)
            .build();
    tailer = queue.createTailer();
    tailer.singleThreadedCheckDisabled(true);
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
    try {
      OutboxFolder folder = new OutboxFolder(path);
      try {
        ChronicleOutbox<T> outbox = new ChronicleOutbox<>(folder, settings, codec);
        outbox.recover();
        return outbox;
      } catch (IOException | RuntimeException e) {
        folder.close();
        throw e;
      }
    } catch (IOException e) {
      throw new OutboxException("outbox " + path + ": " + e.getMessage(), e);
    }
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
    checkRoom();
    Entry entry = new Entry(last + 1, records.size(), codec.encode(records));
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
    files.grew(writing, Objects.requireNonNull(appender.currentFile()), last, bytes.length);
    signpost(entry.firstSequence(), appender.lastIndexAppended());
  }

  private void checkRoom() {
    while (files.bytes() > settings.quotaBytes()) {
      long upTo = files.oldestLast(writing);
      if (upTo == 0) {
        break;
      }
      long from = firstKept();
      if (upTo >= from) {
        holes.add(from, upTo);
        LOGGER
            .atError()
            .addKeyValue("backlog", backlog())
            .addKeyValue("from", from)
            .addKeyValue("to", upTo)
            .log("outbox quota reached, the oldest records are dropped");
      }
      deleteUpTo(upTo);
    }
    File disk = folder.resolve(".").toFile();
    if (disk.getUsableSpace() < settings.reserveBytes()) {
      throw new OutboxFullException(
          "less than " + settings.reserveBytes() + " bytes are free at " + folder.resolve("."));
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

  @Override
  public synchronized Batch<T> peek(long from, int maxRecords, int maxBytes) {
    long first = holes.skip(from);
    List<T> records = new ArrayList<>();
    if (closed || first > forced || (first > from && firstKept() < first)) {
      return new Batch<>(from, records);
    }
    seek(first);
    long bytes = 0;
    while (first + records.size() <= forced) {
      long index = tailer.index();
      byte[] read = nextReadable();
      if (read == null) {
        break;
      }
      Entry entry = Entry.of(read);
      long want = first + records.size();
      if (entry == null || entry.lastSequence() < want) {
        continue;
      }
      int skip = (int) Math.max(0, want - entry.firstSequence());
      boolean full = records.size() + entry.count() - skip > maxRecords;
      if (entry.firstSequence() > want && holes.skip(want) < entry.firstSequence()) {
        damaged(want, entry.firstSequence() - 1);
      }
      boolean fits = !full && bytes + read.length <= maxBytes;
      if (entry.firstSequence() > want || (!fits && !records.isEmpty())) {
        tailer.moveToIndex(index);
        break;
      }
      List<T> more = decode(entry);
      int end = Math.min(entry.count(), skip + maxRecords);
      records.addAll(more.subList(skip, end));
      bytes += read.length;
      if (end < entry.count()) {
        tailer.moveToIndex(index);
        break;
      }
    }
    tailerAt = first + records.size();
    return new Batch<>(first, records);
  }

  private List<T> decode(Entry entry) {
    try {
      return codec.decode(entry.payload(), entry.count());
    } catch (WireException e) {
      throw new OutboxException("an entry whose check is right cannot be read", e);
    }
  }

  private void damaged(long first, long lastLost) {
    holes.add(first, lastLost);
    LOGGER
        .atError()
        .addKeyValue("from", first)
        .addKeyValue("to", lastLost)
        .log("records of the outbox are damaged and lost");
  }

  private void seek(long sequence) {
    if (tailerAt == sequence) {
      return;
    }
    Map.Entry<Long, Long> post = signposts.floorEntry(sequence);
    if (post == null || !tailer.moveToIndex(post.getValue())) {
      tailer.toStart();
    }
  }

  /**
   * Null at the end of what is written. Where a file is garbage, goes on with the next one: the
   * library itself stops there, sometimes without a word, and hides all later files.
   */
  private byte @Nullable [] nextReadable() {
    while (true) {
      int cycle = queue.rollCycle().toCycle(tailer.index());
      try {
        byte[] read = next();
        if (read != null || !moveBehind(cycle)) {
          return read;
        }
      } catch (InternalError e) {
        throw new OutboxException("the disk of the outbox fails: " + e.getMessage(), e);
      } catch (RuntimeException e) {
        LOGGER.atError().setCause(e).log("a file of the outbox is damaged; its rest is set aside");
        if (!moveBehind(cycle)) {
          return null;
        }
      }
    }
  }

  private boolean moveBehind(int cycle) {
    int newest = queue.lastCycle();
    for (int next = Math.max(cycle + 1, queue.firstCycle()); next <= newest; next++) {
      if (tailer.moveToCycle(next)) {
        return true;
      }
    }
    return false;
  }

  private byte @Nullable [] next() {
    try (DocumentContext document = tailer.readingDocument()) {
      if (!document.isPresent()) {
        return null;
      }
      Wire wire = document.wire();
      if (wire == null) {
        return new byte[0];
      }
      Bytes<?> in = wire.bytes();
      byte[] bytes = new byte[Math.toIntExact(in.readRemaining())];
      in.read(bytes);
      return bytes;
    }
  }

  private void signpost(long sequence, long index) {
    if (sinceSignpost++ % SIGNPOST_EVERY == 0) {
      signposts.put(sequence, index);
    }
  }

  @Override
  public synchronized void release(long upTo) {
    if (upTo > last) {
      throw new IllegalArgumentException("released up to " + upTo + ", the last is " + last);
    }
    releasedMark.raise(upTo, false);
    deleteUpTo(releasedMark.value());
    holes.forgetBefore(releasedMark.value());
    Long post = signposts.floorKey(releasedMark.value());
    if (post != null) {
      signposts.headMap(post).clear();
    }
  }

  private void deleteUpTo(long sequence) {
    try {
      long oldest = files.oldestLast(writing);
      if (oldest == 0 || oldest > sequence) {
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
        tailerAt = -1;
      }
    } catch (IOException e) {
      throw new OutboxException("a released file cannot be deleted: " + e.getMessage(), e);
    }
  }

  private synchronized void recover() {
    long expected = 0;
    tailer.toStart();
    while (true) {
      byte[] read = nextReadable();
      if (read == null) {
        break;
      }
      Entry entry = Entry.of(read);
      if (entry == null) {
        LOGGER.atError().log("an entry of the outbox is damaged and set aside");
        continue;
      }
      if (entry.lastSequence() <= last) {
        continue;
      }
      if (expected > 0 && entry.firstSequence() > expected) {
        damaged(expected, entry.firstSequence() - 1);
      } else if (expected == 0 && entry.firstSequence() > releasedMark.value() + 1) {
        damaged(releasedMark.value() + 1, entry.firstSequence() - 1);
      }
      last = entry.lastSequence();
      expected = last + 1;
      int cycle = queue.rollCycle().toCycle(tailer.lastReadIndex());
      files.grew(cycle, Objects.requireNonNull(tailer.currentFile()), last, read.length);
      signpost(entry.firstSequence(), tailer.lastReadIndex());
    }
    // What the disk was known to have and has no more; the hub may have seen those sequences.
    long known = Math.max(forcedMark.value(), releasedMark.value());
    if (known > last) {
      damaged(Math.max(last, releasedMark.value()) + 1, known);
      last = known;
    }
    forced = forcedMark.value();
    deleteUpTo(releasedMark.value());
    startFlushing();
  }

  private void startFlushing() {
    // What an earlier process had written but not forced.
    File newest = tailer.currentFile();
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

  private void flushQuietly() {
    try {
      flush();
    } catch (RuntimeException e) {
      // Nothing is handed out that is not on the disk, so this can be tried again.
      LOGGER.atError().setCause(e).log("outbox cannot be put on the disk");
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
    return holes.skip(releasedMark.value() + 1);
  }

  @Override
  public long epoch() {
    return folder.epoch();
  }

  @Override
  public synchronized long lost() {
    return holes.total();
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
