package io.plantroom.edge.alarm;

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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The alarms that are raised now, in a file that is replaced as a whole. An occurrence is written
 * down before it is told and struck out after its end was told, so a restart in between tells
 * something again with the same occurrence, but never forgets it. Thread-safe.
 */
final class AlarmMemory {
  private static final Logger LOGGER = LoggerFactory.getLogger(AlarmMemory.class);
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private final Path file;
  private final Map<String, Raised> raised = new TreeMap<>();
  private boolean written = true;

  /**
   * An alarm that is raised.
   *
   * @param told whether its event is known to be in the outbox
   */
  record Raised(
      String device,
      String alarm,
      UUID occurrence,
      Instant since,
      @Nullable String point,
      @Nullable String value,
      boolean told) {
    Raised asTold() {
      return new Raised(device, alarm, occurrence, since, point, value, true);
    }

    private String key() {
      return device + "/" + alarm;
    }
  }

  AlarmMemory(Path file) {
    this.file = file;
    try {
      if (Files.exists(file)) {
        for (Raised r : JSON.readValue(file.toFile(), new TypeReference<List<Raised>>() {})) {
          raised.put(r.key(), r);
        }
      }
    } catch (IOException e) {
      // Without it the alarms that stand are raised once more; that must not stop the gateway.
      LOGGER.atError().addKeyValue("error", e.getMessage()).log("raised alarms are forgotten");
    }
  }

  synchronized List<Raised> all() {
    return List.copyOf(raised.values());
  }

  synchronized @Nullable Raised find(String device, String alarm) {
    return raised.get(device + "/" + alarm);
  }

  synchronized void put(Raised alarm) {
    raised.put(alarm.key(), alarm);
    write();
  }

  synchronized void remove(Raised alarm) {
    raised.remove(alarm.key());
    write();
  }

  /** Again, if it could not be written down before. */
  synchronized void save() {
    if (!written) {
      write();
    }
  }

  /**
   * On a full disk that fails, and must not keep an alarm from being told: this is memory, the
   * event is what counts, and its room is made when it is told.
   */
  private void write() {
    try {
      replace();
      written = true;
    } catch (IOException e) {
      if (written) {
        LOGGER.atError().setCause(e).log("raised alarms cannot be written down now");
      }
      written = false;
    }
  }

  private void replace() throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel out =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      out.write(ByteBuffer.wrap(JSON.writeValueAsBytes(raised.values())));
      out.force(true);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
