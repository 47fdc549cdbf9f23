package io.plantroom.edge.desired;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.plantroom.wire.DesiredConfiguration;
import io.plantroom.wire.Event.ConfigurationOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must be known after a restart: the last good text ({@code good.yaml}) and how far things got
 * ({@code state.json}). Each file is replaced as a whole and forced to the disk.
 */
final class DesiredMemory {
  private static final Logger LOGGER = LoggerFactory.getLogger(DesiredMemory.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private State state;

  /**
   * How far things got.
   *
   * @param revision newest one whose outcome is known, 0 for none
   * @param told whether its outcome is known to be in the outbox
   * @param trying revision that was on trial, and how often the trial began; 0 for none
   */
  record State(
      long revision,
      String version,
      @Nullable ConfigurationOutcome outcome,
      List<String> problems,
      boolean told,
      long trying,
      int tries) {
    static final State NEW = new State(0, "", null, List.of(), true, 0, 0);

    State onTrial(long next) {
      int times = trying == next ? tries + 1 : 1;
      return new State(revision, version, outcome, problems, told, next, times);
    }

    State wasTold() {
      return new State(revision, version, outcome, problems, true, trying, tries);
    }
  }

  DesiredMemory(Path folder) {
    this.folder = folder;
    State found = State.NEW;
    try {
      Files.createDirectories(folder);
      Path file = folder.resolve("state.json");
      if (Files.exists(file)) {
        found = JSON.readValue(file.toFile(), State.class);
      }
    } catch (IOException e) {
      // The hub's word is heard again, and tried again; that must not stop the gateway.
      LOGGER.atError().addKeyValue("error", e.getMessage()).log("desired state is forgotten");
    }
    state = found;
  }

  State state() {
    return state;
  }

  void state(State next) {
    try {
      write("state.json", JSON.writeValueAsBytes(next));
    } catch (IOException e) {
      throw new UncheckedIOException("the desired state cannot be written down", e);
    }
    state = next;
  }

  /** Text of the last good configuration, null when there never was one. */
  @Nullable String good() {
    return good(folder);
  }

  /** As {@link #good()}, of a folder that need not be there. */
  static @Nullable String good(Path folder) {
    Path file = folder.resolve("good.yaml");
    try {
      return Files.exists(file) ? Files.readString(file) : null;
    } catch (IOException e) {
      LOGGER.atError().addKeyValue("error", e.getMessage()).log("last good configuration unread");
      return null;
    }
  }

  void good(DesiredConfiguration configuration) {
    try {
      write("good.yaml", configuration.text().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("the configuration cannot be written down", e);
    }
  }

  private void write(String name, byte[] bytes) throws IOException {
    Path file = folder.resolve(name);
    Path fresh = folder.resolve(name + ".new");
    try (FileChannel out =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        var unused = out.write(rest);
      }
      out.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
