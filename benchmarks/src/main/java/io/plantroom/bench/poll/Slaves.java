package io.plantroom.bench.poll;

import io.plantroom.bench.Fork;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** The devices of the measurement, in their own process. */
public record Slaves(Process process, List<Integer> ports) implements AutoCloseable {

  public static Slaves start(int count) throws IOException {
    return start(count, 0, 0);
  }

  /**
   * Starts them.
   *
   * @param hanging how many of them, the first, take connections and questions and never answer
   * @param refusing how many of them, the next, refuse connections
   */
  public static Slaves start(int count, int hanging, int refusing) throws IOException {
    Process process =
        Fork.start(RegisterSlave.class, List.of("" + count, "" + hanging, "" + refusing));
    String line = Fork.firstLine(process);
    return new Slaves(process, Arrays.stream(line.split(" ", -1)).map(Integer::valueOf).toList());
  }

  @Override
  public void close() {
    process.destroy();
  }
}
