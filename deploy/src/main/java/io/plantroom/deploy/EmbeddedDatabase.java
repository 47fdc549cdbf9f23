package io.plantroom.deploy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** PostgreSQL out of a jar. Its data stays in the folder and is found again at the next start. */
final class EmbeddedDatabase implements DemoDatabase {
  private final Path folder;
  private EmbeddedPostgres postgres;
  private long postmaster;

  private EmbeddedDatabase(Path folder, EmbeddedPostgres postgres) throws IOException {
    this.folder = folder;
    this.postgres = postgres;
    this.postmaster = postmaster();
  }

  static EmbeddedDatabase start(Path folder) throws IOException {
    // The first line of PostgreSQL's own pid file is the pid of a server that a kill has left.
    Leftover.end(folder.resolve("postmaster.pid"), folder.toString());
    Files.createDirectories(folder.toAbsolutePath().getParent());
    return new EmbeddedDatabase(folder, builder(folder).setPort(Ports.free()).start());
  }

  /** Kills the server and all its workers at once. */
  void crash() throws IOException, InterruptedException {
    signal("KILL");
    // The library believes it still runs; closing only lets go of its own lock.
    postgres.close();
  }

  /** Starts again, after a crash, on the same port. */
  void restart() throws IOException {
    Files.deleteIfExists(folder.resolve("postmaster.pid"));
    postgres = builder(folder).setPort(postgres.getPort()).start();
    postmaster = postmaster();
  }

  void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    List<ProcessHandle> workers =
        ProcessHandle.of(postmaster).stream().flatMap(ProcessHandle::descendants).toList();
    Signals.send(signal, postmaster);
    for (ProcessHandle worker : workers) {
      Signals.send(signal, worker.pid());
    }
    if (signal.equals("KILL")) {
      for (ProcessHandle worker : workers) {
        worker.onExit().join();
      }
    }
  }

  /** Read while the disk is well: a test may take it away. */
  private long postmaster() throws IOException {
    return Long.parseLong(Files.readAllLines(folder.resolve("postmaster.pid")).get(0).strip());
  }

  private static EmbeddedPostgres.Builder builder(Path folder) {
    return EmbeddedPostgres.builder()
        .setDataDirectory(folder)
        .setCleanDataDirectory(false)
        .setPGStartupWait(Duration.ofSeconds(60))
        .setServerConfig("listen_addresses", "127.0.0.1")
        // The library switches these off for speed; here a receipt must mean what it says.
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("full_page_writes", "on")
        .setServerConfig("max_connections", "60");
  }

  @Override
  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres";
  }

  @Override
  public String user() {
    return "postgres";
  }

  @Override
  public String password() {
    return "postgres";
  }

  @Override
  public String name() {
    return "embedded PostgreSQL";
  }

  @Override
  public void close() throws IOException {
    postgres.close();
  }
}
