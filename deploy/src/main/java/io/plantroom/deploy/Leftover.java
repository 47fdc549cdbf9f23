package io.plantroom.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Processes of a run that was killed before it could end them. */
final class Leftover {
  private Leftover() {}

  /** Ends all parts of a run before, so that they hold neither ports nor files. */
  static void endParts(Path run) throws IOException {
    if (!Files.isDirectory(run)) {
      return;
    }
    List<Path> pids;
    try (Stream<Path> files = Files.list(run)) {
      pids = files.filter(f -> f.toString().endsWith(".pid")).sorted().toList();
    }
    for (Path pid : pids) {
      // Every part is told its ready file, which stands beside its pid file.
      end(pid, pid.toString().replaceAll("\\.pid$", ".ready"));
    }
  }

  /** Ends the process of a pid file if it still is what we started: pids are used again. */
  static void end(Path pidFile, String mark) throws IOException {
    if (!Files.exists(pidFile)) {
      return;
    }
    String first = Files.readAllLines(pidFile).stream().findFirst().orElse("").strip();
    Files.deleteIfExists(pidFile);
    if (!first.matches("\\d+")) {
      return;
    }
    Optional<ProcessHandle> found =
        ProcessHandle.of(Long.parseLong(first)).filter(p -> runs(p, mark));
    if (found.isPresent()) {
      ProcessHandle process = found.get();
      process.destroy();
      try {
        process.onExit().get(20, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException | TimeoutException e) {
        process.destroyForcibly();
      }
    }
  }

  private static boolean runs(ProcessHandle process, String mark) {
    return process.info().arguments().map(a -> Arrays.asList(a).contains(mark)).orElse(false);
  }
}
