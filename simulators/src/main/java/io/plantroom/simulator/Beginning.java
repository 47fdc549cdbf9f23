package io.plantroom.simulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;

/** When a building's history begins. */
final class Beginning {
  private static final Duration HISTORY = Duration.ofDays(30);

  private Beginning() {}

  /** As its file says, else as the state folder remembers, else 30 days ago, to be remembered. */
  static Instant of(Options options) throws IOException {
    if (options.building().since() != null) {
      return Instant.parse(options.building().since());
    }
    Instant fresh = options.clock().instant().minus(HISTORY).truncatedTo(ChronoUnit.SECONDS);
    Path state = options.state();
    if (state == null) {
      return fresh;
    }
    Path file = state.resolve("since");
    if (Files.exists(file)) {
      String text = Files.readString(file).strip();
      try {
        return Instant.parse(text);
      } catch (DateTimeParseException e) {
        throw new IOException(
            file + ": expected an instant such as 2026-10-01T00:00:00Z, got \"" + text + "\"", e);
      }
    }
    Files.createDirectories(state);
    write(file, fresh + "\n");
    return fresh;
  }

  /** Writes a file so that whoever looks sees all of it or nothing. */
  static void write(Path file, String text) throws IOException {
    Path whole = file.toAbsolutePath();
    Path part = whole.resolveSibling(whole.getFileName() + ".part");
    Files.writeString(part, text);
    Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
