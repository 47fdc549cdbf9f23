package io.plantroom.simulator.tally;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * A file of what tally devices have answered, one line {@code time,device,number,point,value} for
 * each value, in the order of the answers of each device. The lines of one answer are given to the
 * operating system in one piece before the answer is sent, so that no end of any process takes one
 * back. Thread-safe.
 */
public final class Ledger implements AutoCloseable {
  private static final int FIELDS = 5;

  private final OutputStream out;
  private final Map<String, Long> last;

  private Ledger(OutputStream out, Map<String, Long> last) {
    this.out = out;
    this.last = last;
  }

  /** Goes on with a ledger of before, or begins one. */
  public static Ledger open(Path file) throws IOException {
    Map<String, Long> last = new HashMap<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        String[] fields = line.split(",", FIELDS);
        if (fields.length != FIELDS || !fields[2].matches("\\d{1,18}")) {
          throw new IOException(file + ": not a ledger: \"" + line + "\"");
        }
        last.put(fields[1], Long.parseLong(fields[2]));
      }
    }
    return new Ledger(
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND), last);
  }

  /** The number that a device gave last, 0 before its first. */
  long last(String device) {
    return last.getOrDefault(device, 0L);
  }

  /**
   * Notes one answer.
   *
   * @throws UncheckedIOException when it cannot; then it must not be given either
   */
  void note(Instant at, String device, long number, Map<String, String> values) {
    StringBuilder lines = new StringBuilder();
    values.forEach(
        (point, value) ->
            lines
                .append(at)
                .append(',')
                .append(device)
                .append(',')
                .append(number)
                .append(',')
                .append(point)
                .append(',')
                .append(value)
                .append('\n'));
    synchronized (out) {
      try {
        out.write(lines.toString().getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException("the ledger cannot be written", e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
