package io.plantroom.edge.outbox;

import com.fasterxml.jackson.core.type.TypeReference;
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
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The losses of an outbox that the hub may not know yet, in a file that is replaced as a whole. It
 * is on the disk before the lost records go, so a loss is told at least once. Not thread-safe.
 */
final class LossBook {
  private static final Logger LOGGER = LoggerFactory.getLogger(LossBook.class);
  private static final int MOST = 1000;
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private final Path folder;
  private final Path file;
  private final List<Line> lines = new ArrayList<>();

  /** A loss, and whether its event is known to be in the outbox of the events. */
  record Line(Loss loss, boolean told) {}

  LossBook(Path folder) {
    this.folder = folder;
    file = folder.resolve("losses.json");
    try {
      if (Files.exists(file)) {
        lines.addAll(JSON.readValue(file.toFile(), new TypeReference<List<Line>>() {}));
      }
    } catch (IOException e) {
      // What was lost stays lost; the hub still sees the gap in the sequence.
      LOGGER.atError().addKeyValue("error", e.getMessage()).log("reasons of losses are forgotten");
    }
  }

  List<Loss> untold() {
    return lines.stream().filter(l -> !l.told).map(Line::loss).toList();
  }

  boolean knows(Loss loss) {
    return lines.stream().anyMatch(l -> l.loss.covers(loss));
  }

  /** Remembers a loss unless it is one that is known. */
  void add(Loss loss) throws IOException {
    if (!knows(loss)) {
      if (lines.size() >= MOST) {
        lines.remove(0);
      }
      lines.add(new Line(loss, false));
      write();
    }
  }

  void told(Loss loss) throws IOException {
    lines.replaceAll(l -> l.loss.equals(loss) ? new Line(loss, true) : l);
    write();
  }

  /** Losses up to here cannot be found again, so those that were told need not be remembered. */
  void forgetBefore(long sequence) {
    lines.removeIf(l -> l.told && l.loss.to() < sequence);
  }

  private void write() throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel out =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      out.write(ByteBuffer.wrap(JSON.writeValueAsBytes(lines)));
      out.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    OutboxFolder.force(folder);
  }
}
