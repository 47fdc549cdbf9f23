package io.plantroom.edge.outbox;

import io.plantroom.wire.Event.LossReason;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a queue once when it is opened: what it holds, what is missing, and which files are to
 * blame. Those go to the folder {@code damaged} under their own name: moved when nothing of them
 * can be read, else copied, as the rest of them is still needed.
 */
final class Recovery {
  private static final Logger LOGGER = LoggerFactory.getLogger(Recovery.class);

  /** More would fill the disk with what nobody looks at. */
  private static final int MOST_SET_ASIDE = 16;

  private final Path folder;
  private final QueueReader reader;
  private final QueueFiles files;
  private final List<String> present = new ArrayList<>();
  private final Set<String> suspects = new TreeSet<>();
  private final Set<String> blamed = new TreeSet<>();
  private final List<Loss> losses = new ArrayList<>();
  private final long floor;
  private final Losses known;
  private long last;
  private @Nullable String before;
  private Entry.Times timesBefore = Entry.Times.UNKNOWN;

  /**
   * A recovery.
   *
   * @param floor sequences up to here are not needed any more
   */
  Recovery(Path folder, QueueReader reader, QueueFiles files, Losses known, long floor)
      throws IOException {
    this.folder = folder;
    this.reader = reader;
    this.files = files;
    this.known = known;
    this.floor = floor;
    try (Stream<Path> all = Files.list(folder.resolve("queue"))) {
      all.map(p -> p.getFileName().toString())
          .filter(p -> p.endsWith(".cq4"))
          .sorted()
          .forEach(present::add);
    }
  }

  /** These were set aside before anything was read. */
  void blame(List<String> names) {
    blamed.addAll(names);
  }

  /**
   * Reads everything.
   *
   * @param had the disk was known to have had records up to here
   */
  void run(long had) {
    reader.toStart();
    int damages = reader.damages();
    for (byte[] read = reader.next(); read != null; read = reader.next()) {
      File current = reader.currentFile();
      if (reader.damages() > damages) {
        damages = reader.damages();
        suspect(current == null ? null : current.getName());
      }
      Entry entry = Entry.of(read);
      if (entry == null) {
        LOGGER.atError().log("an entry of the outbox is damaged and left out");
        if (current != null) {
          suspects.add(current.getName());
        }
      } else if (entry.lastSequence() > last && current != null) {
        found(entry, current, read.length);
      }
    }
    if (reader.damages() > damages) {
      suspect(null);
    }
    // What the disk was known to have and has no more; the hub may have seen those sequences.
    if (had > last) {
      missing(Math.max(last, floor) + 1, had, null, null);
      last = had;
    }
    setAside();
  }

  private void found(Entry entry, File file, int bytes) {
    long from = Math.max(last == 0 ? 0 : last + 1, floor + 1);
    if (entry.firstSequence() > from) {
      missing(from, entry.firstSequence() - 1, file.getName(), entry.times().oldest());
    }
    last = entry.lastSequence();
    before = file.getName();
    timesBefore = entry.times();
    files.grew(reader.lastReadCycle(), file, entry, bytes);
    reader.signpost(entry.firstSequence(), reader.lastReadIndex());
  }

  private void missing(long from, long to, @Nullable String next, @Nullable Instant newest) {
    Loss loss = new Loss(LossReason.DAMAGED, from, to, timesBefore.newest(), newest, null);
    if (!known.knows(loss)) {
      suspect(next);
    }
    losses.add(loss);
  }

  /** The file of the last good entry, and those behind it up to the one that is good again. */
  private void suspect(@Nullable String next) {
    for (String file : present) {
      boolean behind = before == null || file.compareTo(before) >= 0;
      boolean ahead = next == null || file.compareTo(next) < 0 || file.equals(before);
      if (behind && ahead) {
        suspects.add(file);
      }
    }
  }

  private void setAside() {
    Path damaged = folder.resolve("damaged");
    for (String name : suspects) {
      Path file = folder.resolve("queue").resolve(name);
      Path to = damaged.resolve(name);
      try {
        Files.createDirectories(damaged);
        if (!files.readable().contains(name)) {
          Files.move(file, to, StandardCopyOption.REPLACE_EXISTING);
        } else if (!Files.exists(to) && count(damaged) < MOST_SET_ASIDE) {
          Files.copy(file, to);
        }
        LOGGER.atError().addKeyValue("file", name).log("a damaged file of the outbox is set aside");
      } catch (IOException e) {
        // A full disk, for instance: the rest of the outbox can be used all the same.
        LOGGER.atError().setCause(e).log("a damaged file of the outbox cannot be set aside");
      }
    }
  }

  private static long count(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.count();
    }
  }

  /** Highest sequence that was ever given, as far as the disk tells. */
  long last() {
    return last;
  }

  /** What is missing, also what the hub has been told of already. */
  List<Loss> losses() {
    blamed.addAll(suspects);
    String detail = blamed.isEmpty() ? null : "set aside: " + String.join(", ", blamed);
    return losses.stream()
        .map(l -> new Loss(l.reason(), l.from(), l.to(), l.oldest(), l.newest(), detail))
        .toList();
  }
}
