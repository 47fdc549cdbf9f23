package io.plantroom.edge.outbox;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
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
 * Writes entries to a queue, a file after the other. A file is never written to again after a
 * restart, so no entry comes to lie behind damage where a reader would not find it. Not
 * thread-safe, but for {@link #force}.
 */
final class QueueWriter {
  private static final Logger LOGGER = LoggerFactory.getLogger(QueueWriter.class);
  private static final int BLOCK = 1 << 20;

  /** No file was written to yet. */
  static final int NOTHING = Integer.MIN_VALUE;

  private final OutboxFolder folder;
  private final long fileBytes;
  private final RollClock rollClock = new RollClock(LegacyRollCycles.MINUTELY.lengthInMillis(), 0);
  private final SingleChronicleQueue queue;
  private final ExcerptAppender appender;
  private int writing = NOTHING;

  static {
    // The library would tell its maker that it was started.
    System.setProperty("chronicle.analytics.disable", "true");
  }

  /**
   * Opens the queue of this folder, or makes it.
   *
   * @param fileBytes a file of this size is followed by the next one
   */
  QueueWriter(OutboxFolder folder, long fileBytes) throws IOException {
    this.folder = folder;
    this.fileBytes = fileBytes;
    queue = open(folder.resolve("queue"));
    // The queue's own table may still name files that are not there any more.
    queue.refreshDirectoryListing();
    appender = queue.createAppender();
    appender.singleThreadedCheckDisabled(true);
  }

  private SingleChronicleQueue open(Path path) throws IOException {
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

  SingleChronicleQueue queue() {
    return queue;
  }

  /** The number of the file that is written to, or {@link #NOTHING}. */
  int writing() {
    return writing;
  }

  @Nullable File currentFile() {
    return appender.currentFile();
  }

  /** After this, and before a power cut, the entry is in the operating system's hands. */
  void write(Entry entry, QueueFiles files, QueueReader reader) {
    if (writing == NOTHING || files.bytesOf(writing) >= fileBytes) {
      roll();
    }
    byte[] bytes = entry.toBytes();
    try (DocumentContext document = appender.writingDocument()) {
      Objects.requireNonNull(document.wire()).bytes().write(bytes);
    } catch (InternalError e) {
      // The disk failed under a mapped file: nothing about this queue is certain any more.
      throw new OutboxException("the disk of the outbox fails: " + e.getMessage(), e);
    }
    writing = appender.cycle();
    files.grew(writing, Objects.requireNonNull(appender.currentFile()), entry, bytes.length);
    reader.signpost(entry.firstSequence(), appender.lastIndexAppended());
  }

  /** The old file goes to the disk before the first record of the next one is written. */
  private void roll() {
    File old = writing == NOTHING ? null : appender.currentFile();
    if (old != null) {
      force(old);
      force(folder.resolve("queue/metadata.cq4t").toFile());
    }
    int newest = queue.lastCycle();
    rollClock.next(newest == NOTHING ? 1 : newest + 1L);
  }

  /**
   * Puts a file of the queue, and its name, on the disk. The queue's own sync loses data when it is
   * called once for a group of entries, so the file itself is forced.
   */
  void force(File file) {
    try (FileChannel channel = FileChannel.open(file.toPath(), StandardOpenOption.WRITE)) {
      channel.force(true);
      OutboxFolder.force(folder.resolve("queue"));
    } catch (IOException e) {
      throw new OutboxException("outbox cannot be put on the disk: " + e.getMessage(), e);
    }
  }

  void close() {
    queue.close();
  }
}
