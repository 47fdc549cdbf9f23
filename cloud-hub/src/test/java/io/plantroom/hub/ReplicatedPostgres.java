package io.plantroom.hub;

import static org.awaitility.Awaitility.await;

import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import io.plantroom.hub.config.HubConfig.ReadsConfig;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** A PostgreSQL with a streaming replica, made by hand as an administrator makes one. */
final class ReplicatedPostgres implements AutoCloseable {
  private static final Set<String> NOT_COPIED =
      Set.of("postmaster.pid", "postmaster.opts", "epg-lock", "pg_wal");

  private final Path copy;
  private final EmbeddedPostgres primary;
  private EmbeddedPostgres replica;

  ReplicatedPostgres(Path folder) throws Exception {
    copy = folder.resolve("replica");
    primary =
        EmbeddedPostgres.builder()
            .setDataDirectory(folder.resolve("primary"))
            .setServerConfig("wal_keep_size", "256MB")
            .setPGStartupWait(Duration.ofMinutes(1))
            .start();
    execute(primary, "CREATE DATABASE hub");
    copy(folder.resolve("primary"));
    replica = startReplica(0);
  }

  /** The primary, with the replica for long questions. */
  DatabaseConfig config(Duration mostBehind) {
    return config(url(replica), mostBehind);
  }

  /** The same with something else in place of the replica. */
  DatabaseConfig config(String reads, Duration mostBehind) {
    return new DatabaseConfig(
        url(primary),
        "postgres",
        "postgres",
        null,
        6,
        new ReadsConfig(reads, null, null, null, null, mostBehind));
  }

  String primaryUrl() {
    return url(primary);
  }

  /** The replica goes on receiving, and shows nothing newer. */
  void pause() throws SQLException {
    execute(replica, "SELECT pg_wal_replay_pause()");
  }

  void resume() throws SQLException {
    execute(replica, "SELECT pg_wal_replay_resume()");
  }

  /** Ends the replica without a farewell to anybody. */
  void kill() throws IOException {
    processes().forEach(ProcessHandle::destroyForcibly);
    replica.close();
  }

  /** The replica keeps its connections and says nothing, as behind a network that is gone. */
  void freeze() throws Exception {
    signal("-STOP");
  }

  void thaw() throws Exception {
    signal("-CONT");
  }

  void restart() {
    await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptions()
        .until(
            () -> {
              Files.deleteIfExists(copy.resolve("postmaster.pid"));
              replica = startReplica(replica.getPort());
              return true;
            });
  }

  @Override
  public void close() throws IOException {
    replica.close();
    primary.close();
  }

  private static String url(EmbeddedPostgres server) {
    return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/hub";
  }

  private static void execute(EmbeddedPostgres server, String sql) throws SQLException {
    try (Connection c = server.getPostgresDatabase().getConnection();
        Statement s = c.createStatement()) {
      s.execute(sql);
    }
  }

  private EmbeddedPostgres startReplica(int port) throws IOException {
    return EmbeddedPostgres.builder()
        .setPort(port)
        .setDataDirectory(copy)
        .setCleanDataDirectory(false)
        .setPGStartupWait(Duration.ofMinutes(1))
        .start();
  }

  private void copy(Path from) throws Exception {
    try (Connection c = primary.getPostgresDatabase().getConnection();
        Statement s = c.createStatement()) {
      s.execute("SELECT pg_backup_start('replica', true)");
      copyFiles(from);
      try (ResultSet rs = s.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
        rs.next();
        Files.writeString(copy.resolve("backup_label"), rs.getString(1));
      }
    }
    Files.createFile(copy.resolve("standby.signal"));
    Files.writeString(
        copy.resolve("postgresql.auto.conf"),
        "primary_conninfo = 'host=127.0.0.1 port=%d user=postgres'\n".formatted(primary.getPort()),
        StandardOpenOption.APPEND);
  }

  private void copyFiles(Path from) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes)
              throws IOException {
            Path to = copy.resolve(from.relativize(dir).toString());
            Files.createDirectories(
                to,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return skipped(dir) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!skipped(file)) {
              Files.copy(
                  file,
                  copy.resolve(from.relativize(file).toString()),
                  StandardCopyOption.COPY_ATTRIBUTES);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE; // the server has done with it
            }
            throw e;
          }
        });
  }

  private static boolean skipped(Path path) {
    return NOT_COPIED.contains(Objects.requireNonNull(path.getFileName()).toString());
  }

  /** The server itself and all that it has started. */
  private List<ProcessHandle> processes() throws IOException {
    long pid = Long.parseLong(Files.readAllLines(copy.resolve("postmaster.pid")).get(0));
    ProcessHandle server = ProcessHandle.of(pid).orElseThrow();
    return Stream.concat(Stream.of(server), server.descendants()).toList();
  }

  private void signal(String signal) throws Exception {
    List<String> command = new ArrayList<>(List.of("kill", signal));
    processes().forEach(p -> command.add(String.valueOf(p.pid())));
    int code = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (code != 0) {
      throw new IllegalStateException(command + " ended with " + code);
    }
  }
}
