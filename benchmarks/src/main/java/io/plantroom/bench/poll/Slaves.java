package io.plantroom.bench.poll;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The devices of the measurement, in their own process. */
public record Slaves(Process process, List<Integer> ports) implements AutoCloseable {

  public static Slaves start(int count) throws IOException {
    return start(count, 0);
  }

  /**
   * Starts them.
   *
   * @param hanging how many of them, the first, never answer
   */
  public static Slaves start(int count, int hanging) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                RegisterSlave.class.getName(),
                String.valueOf(count),
                String.valueOf(hanging))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String line =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
            .readLine();
    if (line == null) {
      throw new IOException("the simulated devices did not start");
    }
    return new Slaves(process, Arrays.stream(line.split(" ", -1)).map(Integer::valueOf).toList());
  }

  @Override
  public void close() {
    process.destroy();
  }
}
