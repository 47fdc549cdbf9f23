package io.plantroom.deploy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** PostgreSQL out of a jar. Its data stays in the folder and is found again at the next start. */
final class EmbeddedDatabase implements DemoDatabase {
  private final EmbeddedPostgres postgres;

  private EmbeddedDatabase(EmbeddedPostgres postgres) {
    this.postgres = postgres;
  }

  static EmbeddedDatabase start(Path folder) throws IOException {
    // The first line of PostgreSQL's own pid file is the pid of a server that a kill has left.
    Leftover.end(folder.resolve("postmaster.pid"), folder.toString());
    Files.createDirectories(folder.toAbsolutePath().getParent());
    return new EmbeddedDatabase(
        EmbeddedPostgres.builder()
            .setDataDirectory(folder)
            .setCleanDataDirectory(false)
            .setPGStartupWait(Duration.ofSeconds(60))
            .setServerConfig("listen_addresses", "127.0.0.1")
            // The library switches these off for speed; here a receipt must mean what it says.
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("max_connections", "60")
            .start());
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
