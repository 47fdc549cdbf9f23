package io.plantroom.edge.outbox;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The files of a queue, oldest first, and how far each goes. Not thread-safe. */
final class QueueFiles {
  private final TreeMap<Integer, Info> byCycle = new TreeMap<>();
  private long bytes;

  /**
   * A file.
   *
   * @param lastSequence of its newest record
   * @param bytes of its entries
   */
  record Info(Path file, long lastSequence, long bytes) {}

  void grew(int cycle, File file, long lastSequence, long by) {
    byCycle.merge(
        cycle,
        new Info(file.toPath(), lastSequence, by),
        (old, more) -> new Info(old.file, more.lastSequence, old.bytes + more.bytes));
    bytes += by;
  }

  long bytes() {
    return bytes;
  }

  long bytesOf(int cycle) {
    Info info = byCycle.get(cycle);
    return info == null ? 0 : info.bytes;
  }

  /**
   * Deletes the oldest file, never the one that is written to.
   *
   * @return whether the last record of it was at most {@code upTo}, and it was deleted
   */
  boolean deleteOldest(long upTo, int writing) throws IOException {
    Map.Entry<Integer, Info> oldest = byCycle.firstEntry();
    if (oldest == null || oldest.getKey() >= writing || oldest.getValue().lastSequence > upTo) {
      return false;
    }
    Files.deleteIfExists(oldest.getValue().file);
    byCycle.remove(oldest.getKey());
    bytes -= oldest.getValue().bytes;
    return true;
  }

  /** Last sequence of the oldest file that is not written to any more, or 0. */
  long oldestLast(int writing) {
    Map.Entry<Integer, Info> oldest = byCycle.firstEntry();
    return oldest == null || oldest.getKey() >= writing ? 0 : oldest.getValue().lastSequence;
  }
}
