package io.plantroom.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;

/**
 * A network between this machine and itself on which packets get lost, late, doubled and out of
 * order, below TCP. What runs is {@code bad-line.py}; it ends, and its device with it, when this
 * process ends in whatever way. Needs python3, iproute2 and root.
 */
final class BadLine implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path SCRIPT = Path.of("src/test/resources/network/bad-line.py");

  private final Process relay;
  private final Writer orders;
  private final BufferedReader answers;
  private final String address;

  private BadLine(Process relay) throws IOException {
    this.relay = relay;
    orders = relay.outputWriter();
    answers = relay.inputReader();
    address = line();
  }

  /**
   * Opens a line that is still good.
   *
   * @param seed of its chances
   */
  static BadLine open(long seed) throws IOException {
    return new BadLine(
        new ProcessBuilder(Programs.find("python3"), SCRIPT.toString(), Long.toString(seed))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /** Where 127.0.0.1 is found at the other end of the line. */
  String address() {
    return address;
  }

  /** Packets of either direction: milliseconds that each takes, and so many of a hundred. */
  record Weather(
      int delayMillis, int jitterMillis, int lost, int doubled, int reordered, boolean cut) {
    static final Weather FAIR = new Weather(0, 0, 0, 0, 0, false);
    static final Weather CUT = new Weather(0, 0, 0, 0, 0, true);
  }

  /** What has become of the packets so far. */
  record Packets(long passed, long lost, long doubled, long reordered, long cut) {}

  /** From now on; packets that are under way arrive as before, unless the line is cut. */
  void become(Weather weather) throws IOException {
    ask(
        "delay=%d jitter=%d loss=%d double=%d reorder=%d cut=%d"
            .formatted(
                weather.delayMillis,
                weather.jitterMillis,
                weather.lost,
                weather.doubled,
                weather.reordered,
                weather.cut ? 1 : 0));
  }

  Packets packets() throws IOException {
    return ask("?");
  }

  private Packets ask(String order) throws IOException {
    orders.write(order + "\n");
    orders.flush();
    JsonNode said = JSON.readTree(line());
    return new Packets(
        said.get("passed").asLong(),
        said.get("lost").asLong(),
        said.get("doubled").asLong(),
        said.get("reordered").asLong(),
        said.get("cut").asLong());
  }

  private String line() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("the line has ended: " + SCRIPT + ", see above");
    }
    return line;
  }

  @Override
  public void close() throws IOException {
    orders.close();
    relay.onExit().join();
  }
}
