package io.plantroom.edge.outbox;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
  record Info(Path file, long lastSequence, long bytes, Entry.Times times) {}

  void grew(int cycle, File file, Entry entry, long by) {
    byCycle.merge(
        cycle,
        new Info(file.toPath(), entry.lastSequence(), by, entry.times()),
        (old, more) ->
            new Info(
                old.file, more.lastSequence, old.bytes + more.bytes, old.times.and(more.times)));
    bytes += by;
  }

  /** Names of the files that hold at least one record that can be read. */
  Set<String> readable() {
    return byCycle.values().stream()
        .map(i -> i.file().getFileName().toString())
        .collect(Collectors.toSet());
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

  /** The oldest file that is not written to any more, or null. */
  @Nullable Info oldest(int writing) {
    Map.Entry<Integer, Info> oldest = byCycle.firstEntry();
    return oldest == null || oldest.getKey() >= writing ? null : oldest.getValue();
  }
}
