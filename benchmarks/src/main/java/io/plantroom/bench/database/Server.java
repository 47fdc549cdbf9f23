package io.plantroom.bench.database;

import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import io.plantroom.hub.database.DatabaseLevel;
import java.io.Closeable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A database that runs for a measurement. All levels have the same settings, where they can. */
public final class Server implements AutoCloseable {
  /** Those that docs/sizing.md advises for a small server; a receipt means what it says. */
  static final Map<String, String> SETTINGS =
      new TreeMap<>(
          Map.of(
              "fsync", "on",
              "synchronous_commit", "on",
              "full_page_writes", "on",
              "shared_buffers", "1GB",
              "max_wal_size", "8GB",
              "jit", "off",
              "max_connections", "60"));

  /** The processes of a server, asked for anew each time. */
  interface Processes {
    Stream<ProcessHandle> now();
  }

  private final String url;
  private final String user;
  private final String password;
  private final Processes processes;
  private final Closeable stop;

  Server(String url, String user, String password, Processes processes, Closeable stop) {
    this.url = url;
    this.user = user;
    this.password = password;
    this.processes = processes;
    this.stop = stop;
  }

  /** Starts an empty one; its files are gone when it is closed. */
  public static Server start(DatabaseLevel level) throws IOException, InterruptedException {
    return switch (level) {
      case POSTGRESQL -> Embedded.start();
      case APACHE -> Apache.start();
      case COMMUNITY -> Community.start();
    };
  }

  /** One on this machine that somebody else has started and will stop. */
  public static Server running(String url, String user, String password) throws SQLException {
    return ofThisMachine(url, user, password, () -> {});
  }

  /** Its processes are found by asking it. */
  static Server ofThisMachine(String url, String user, String password, Closeable stop)
      throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, user, password);
        var statement = connection.createStatement();
        var rs = statement.executeQuery("SELECT pg_backend_pid()")) {
      rs.next();
      ProcessHandle postmaster =
          ProcessHandle.of(rs.getLong(1)).flatMap(ProcessHandle::parent).orElseThrow();
      return new Server(
          url,
          user,
          password,
          () -> Stream.concat(Stream.of(postmaster), postmaster.descendants()),
          stop);
    }
  }

  /** As the hub's configuration has it. */
  public DatabaseConfig config(int connections) {
    return new DatabaseConfig(url, user, password, null, connections, null);
  }

  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url, user, password);
  }

  Stream<ProcessHandle> processes() {
    return processes.now();
  }

  @Override
  public void close() throws IOException {
    stop.close();
  }
}
