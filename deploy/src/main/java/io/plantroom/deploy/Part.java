package io.plantroom.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One process of the system, started from its shipped jar. It counts as up when it has written its
 * ready file. Not thread-safe.
 */
final class Part implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String name;
  private final List<String> command;
  private final Path log;
  private final Path ready;
  private final Path pid;
  private final Map<String, String> environment = new HashMap<>();
  private final List<Instant> startsAfterDeath = new ArrayList<>();
  private final List<Instant> resumes = new ArrayList<>();
  private Instant lastStart = Instant.EPOCH;
  private boolean dead;
  private @Nullable Process process;

  Part(String name, Path jar, List<String> flags, List<String> arguments, Path run, Path logs) {
    this.name = name;
    this.log = logs.resolve(name + ".log");
    this.ready = run.resolve(name + ".ready");
    this.pid = run.resolve(name + ".pid");
    command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-jar", jar.toString()));
    command.addAll(arguments);
    command.addAll(List.of("--ready-file", ready.toString()));
  }

  /** Sets a variable for the next start. */
  Part with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** More arguments, in front of the ready file's. */
  Part told(String... arguments) {
    command.addAll(command.size() - 2, List.of(arguments));
    return this;
  }

  Path log() {
    return log;
  }

  void start() throws IOException {
    Files.deleteIfExists(ready);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    lastStart = Instant.now();
    if (dead) {
      startsAfterDeath.add(lastStart);
    }
    dead = true;
    process = builder.start();
    Files.writeString(pid, process.pid() + "\n");
  }

  /**
   * Waits until the process serves and returns what it says of itself, its ports above all.
   *
   * @throws IOException when it ended, or took longer; the message names its log
   */
  JsonNode awaitReady(Duration most) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + most.toNanos();
    while (!Files.exists(ready)) {
      if (!alive()) {
        throw new IOException(name + " ended while it started; its last words:\n" + lastWords());
      }
      if (System.nanoTime() > deadline) {
        throw new IOException(
            name
                + " was not ready within "
                + most.toSeconds()
                + " s; its last words:\n"
                + lastWords());
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return JSON.readTree(Files.readString(ready));
  }

  /** When it was started though the process before had not ended in peace. */
  List<Instant> startsAfterDeath() {
    return List.copyOf(startsAfterDeath);
  }

  /** When the process that runs now was started. */
  Instant lastStart() {
    return lastStart;
  }

  /** When it was let go on after it had stood still. */
  List<Instant> resumes() {
    return List.copyOf(resumes);
  }

  boolean alive() {
    return process != null && process.isAlive();
  }

  /** The hard way, as a power cut or the kernel would. */
  void kill() throws InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  /** Stops it where it stands, as an overloaded machine would; it keeps its connections. */
  void pause() throws IOException, InterruptedException {
    Signals.send("STOP", pid());
  }

  void resume() throws IOException, InterruptedException {
    resumes.add(Instant.now());
    Signals.send("CONT", pid());
  }

  long pid() {
    return Objects.requireNonNull(process, name + " was not started").pid();
  }

  /** Asks it to stop and waits; one that does not listen within 20 s is killed. */
  @Override
  public void close() {
    if (process == null || !process.isAlive()) {
      return;
    }
    process.destroy();
    try {
      if (process.waitFor(20, TimeUnit.SECONDS)) {
        dead = false;
      } else {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private String lastWords() throws IOException {
    List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
  }
}
