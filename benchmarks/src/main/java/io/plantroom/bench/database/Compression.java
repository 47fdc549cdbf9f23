package io.plantroom.bench.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** What the community edition's policies would do when the data is old enough, done now. */
public final class Compression {
  /** What lies in hypertables. */
  public static final List<String> TABLES =
      List.of("telemetry", "telemetry_state", "rollup_1m", "rollup_15m");

  private Compression() {}

  public static void compressAll(Server server) throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      for (String table : TABLES) {
        statement.execute(
            "SELECT compress_chunk(c, if_not_compressed => true) FROM show_chunks('"
                + table
                + "') c");
      }
    }
  }
}
