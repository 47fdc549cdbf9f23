package io.plantroom.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Cases in Java processes of their own, all with the same flags: what an earlier case has compiled,
 * loaded or filled is not counted for or against the next.
 */
public final class Fork {
  private static final List<String> FLAGS =
      List.of(
          "-Xmx256m",
          "-XX:+UseSerialGC",
          "-XX:+IgnoreUnrecognizedVMOptions",
          "--sun-misc-unsafe-memory-access=allow",
          "--enable-native-access=ALL-UNNAMED",
          "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
          "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
          "-Dchronicle.analytics.disable=true");

  private Fork() {}

  /** Starts a main class with this class path; its errors appear among ours. */
  public static Process start(Class<?> main, List<String> args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    String seconds = System.getProperty("bench.seconds");
    if (seconds != null) {
      command.add("-Dbench.seconds=" + seconds);
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(args);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** Its first line, which says that it serves. */
  public static String firstLine(Process process) throws IOException {
    String line = lines(process).readLine();
    if (line == null) {
      throw new IOException("a process of the measurement ended at once");
    }
    return line;
  }

  /**
   * Runs a main class to its end.
   *
   * @return the figures of its last line, as {@link #print} wrote them
   */
  public static Map<String, Double> run(Class<?> main, List<String> args) throws Exception {
    Process process = start(main, args);
    try {
      BufferedReader lines = lines(process);
      String last = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last = line;
      }
      if (process.waitFor() != 0) {
        throw new IOException(main.getSimpleName() + " " + args.get(0) + " failed");
      }
      Map<String, Double> figures = new HashMap<>();
      for (String pair : last.split(" ", -1)) {
        int at = pair.indexOf('=');
        figures.put(pair.substring(0, at), Double.valueOf(pair.substring(at + 1)));
      }
      return figures;
    } finally {
      process.destroyForcibly();
    }
  }

  /** What a case has to say to {@link #run}; nothing may be printed after it. */
  public static void print(Map<String, Double> figures) {
    List<String> pairs = new ArrayList<>();
    figures.forEach((name, value) -> pairs.add(String.format(Locale.ROOT, "%s=%f", name, value)));
    System.out.println(String.join(" ", pairs));
    System.out.flush();
  }

  private static BufferedReader lines(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }
}
