package io.plantroom.edge.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All commands of the last day, a file each, replaced as a whole and forced to the disk together
 * with its name: what {@link #put} has taken survives the end of the process and a power cut. May
 * be called from any thread.
 */
final class CommandMemory {
  private static final Logger LOGGER = LoggerFactory.getLogger(CommandMemory.class);
  private static final String END = ".json";

  /** So long after its expiry the hub repeats no command. */
  static final Duration KEPT = Duration.ofDays(1);

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private final Path folder;
  private final Map<UUID, Entry> entries = new ConcurrentHashMap<>();
  private final Set<UUID> unreadable = ConcurrentHashMap.newKeySet();

  /**
   * Reads what is remembered. A file that cannot be read is a command of which nothing is known but
   * its id, so it is never carried out.
   */
  CommandMemory(Path folder) {
    this.folder = folder;
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      files.filter(f -> f.toString().endsWith(END)).forEach(this::read);
    } catch (IOException e) {
      LOGGER.atError().addKeyValue("error", e.getMessage()).log("commands are forgotten");
    }
  }

  private void read(Path file) {
    String name = String.valueOf(file.getFileName());
    try {
      UUID id = UUID.fromString(name.substring(0, name.length() - END.length()));
      try {
        entries.put(id, JSON.readValue(file.toFile(), Entry.class));
      } catch (IOException e) {
        unreadable.add(id);
        LOGGER.atError().addKeyValue("error", e.getMessage()).log("a command cannot be read");
      }
    } catch (IllegalArgumentException e) {
      LOGGER.atWarn().addKeyValue("error", name).log("a file that is no command");
    }
  }

  @Nullable Entry find(UUID id) {
    return entries.get(id);
  }

  /** Whether there was such a command, of which nothing else is known any more. */
  boolean isUnreadable(UUID id) {
    return unreadable.contains(id);
  }

  List<Entry> all() {
    return List.copyOf(entries.values());
  }

  /**
   * Remembers this from now on, in this process even when the disk fails.
   *
   * @throws IOException when it would be forgotten by the next start
   */
  void put(Entry entry) throws IOException {
    UUID id = entry.command().id();
    entries.put(id, entry);
    Files.createDirectories(folder);
    Path file = folder.resolve(id + END);
    Path fresh = folder.resolve(id + ".new");
    try (FileChannel out =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer rest = ByteBuffer.wrap(JSON.writeValueAsBytes(entry));
      while (rest.hasRemaining()) {
        var unused = out.write(rest);
      }
      out.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
      names.force(true);
    }
  }

  /** Forgets what nobody will ask about any more. */
  void tidy(Instant now) {
    for (Entry e : all()) {
      boolean over = e.stage() == Entry.Stage.ENDED && e.told();
      // A question comes with a time long over.
      if (over && later(e.command().expires(), e.at()).plus(KEPT).isBefore(now)) {
        try {
          Files.deleteIfExists(folder.resolve(e.command().id() + END));
          entries.remove(e.command().id());
        } catch (IOException problem) {
          LOGGER.atDebug().setCause(problem).log("an old command is still remembered");
        }
      }
    }
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }
}
