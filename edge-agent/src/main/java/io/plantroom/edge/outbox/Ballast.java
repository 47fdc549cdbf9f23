package io.plantroom.edge.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that is only there to be deleted: when something else on this box has filled the disk, the
 * alarms get its room. It is made again when there is plenty. Thread-safe.
 */
final class Ballast {
  private static final Logger LOGGER = LoggerFactory.getLogger(Ballast.class);
  private static final int CHUNK = 64 << 10;

  private final Path folder;
  private final Path file;
  private final long bytes;
  private final long plenty;

  /**
   * A ballast.
   *
   * @param plenty so much must be free beside it, or it is not made
   */
  Ballast(Path folder, long bytes, long plenty) {
    this.folder = folder;
    this.file = folder.resolve("ballast");
    this.bytes = bytes;
    this.plenty = plenty;
  }

  /** Makes it unless it is there or there is no room for it. */
  synchronized void fill() {
    try {
      boolean there = Files.exists(file) && Files.size(file) >= bytes;
      if (there || folder.toFile().getUsableSpace() < plenty + bytes) {
        return;
      }
      try (FileChannel out =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        for (long at = 0; at < bytes; at += CHUNK) {
          out.write(ByteBuffer.allocate((int) Math.min(CHUNK, bytes - at)), at);
        }
        out.force(true);
      }
    } catch (IOException e) {
      LOGGER.atWarn().addKeyValue("error", e.getMessage()).log("no ballast for alarms");
    }
  }

  /** Whether there is one to give up. */
  boolean there() {
    return Files.exists(file);
  }

  /** Whether there was one to give up. */
  synchronized boolean drop() {
    try {
      boolean dropped = Files.deleteIfExists(file);
      if (dropped) {
        LOGGER.atError().log("the disk is full, alarms now use the last reserve");
      }
      return dropped;
    } catch (IOException e) {
      LOGGER.atError().setCause(e).log("the last reserve cannot be used");
      return false;
    }
  }
}
