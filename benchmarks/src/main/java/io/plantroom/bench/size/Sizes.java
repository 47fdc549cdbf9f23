package io.plantroom.bench.size;

import io.plantroom.bench.database.Compression;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Rows and bytes of the tables that grow with the samples, indexes included. */
record Sizes(Map<String, Table> tables) {
  private static final List<String> ALL =
      List.of(
          "telemetry",
          "telemetry_state",
          "register_sample",
          "rollup_1m",
          "rollup_15m",
          "rollup_1h",
          "rollup_1d",
          "rollup_state_1h",
          "rollup_state_1d");
  private static final String BYTES =
      """
      SELECT pg_total_relation_size('%1$s') + coalesce((
        SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits
         WHERE inhparent = '%1$s'::regclass AND pg_relation_size(inhrelid) > 0), 0)""";

  /** One of them. */
  record Table(long rows, long bytes) {
    double each() {
      return rows == 0 ? 0 : (double) bytes / rows;
    }
  }

  static Sizes of(Connection connection, boolean hypertables) throws SQLException {
    Map<String, Table> found = new LinkedHashMap<>();
    try (Statement s = connection.createStatement()) {
      for (String table : ALL) {
        String bytes =
            hypertables && Compression.TABLES.contains(table)
                ? "SELECT hypertable_size('" + table + "')"
                : BYTES.formatted(table);
        found.put(table, new Table(number(s, "SELECT count(*) FROM " + table), number(s, bytes)));
      }
    }
    return new Sizes(found);
  }

  static long number(Statement s, String sql) throws SQLException {
    try (ResultSet rs = s.executeQuery(sql)) {
      rs.next();
      return rs.getLong(1);
    }
  }

  Table of(String table) {
    return tables.getOrDefault(table, new Table(0, 0));
  }

  /** All samples, whatever they are of. */
  long samples() {
    return of("telemetry").rows() + of("telemetry_state").rows() + of("register_sample").rows();
  }

  /** Bytes of all tables for each sample. */
  double perSample() {
    return (double) tables.values().stream().mapToLong(Table::bytes).sum() / samples();
  }

  void print(String level) {
    tables.forEach(
        (name, t) ->
            System.out.printf(
                Locale.ROOT,
                "%-24s %-16s %,10d rows %6.1f bytes each, %5.1f for a sample%n",
                level,
                name,
                t.rows(),
                t.each(),
                (double) t.bytes() / samples()));
    System.out.printf(
        Locale.ROOT,
        "%-24s %-16s %,10d rows %6.1f bytes each%n",
        level,
        "all",
        samples(),
        perSample());
  }
}
