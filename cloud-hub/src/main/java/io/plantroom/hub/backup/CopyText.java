package io.plantroom.hub.backup;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;

/** How rows are written: PostgreSQL's text form of COPY, the same from every server. */
final class CopyText {
  private CopyText() {}

  /** Settings that decide how a value is written; for the present transaction. */
  static void settle(Connection connection) throws SQLException {
    try (Statement s = connection.createStatement()) {
      s.execute("SET LOCAL timezone = 'UTC'");
      s.execute("SET LOCAL datestyle = 'ISO, YMD'");
      s.execute("SET LOCAL intervalstyle = 'postgres'");
      s.execute("SET LOCAL bytea_output = 'hex'");
      s.execute("SET LOCAL extra_float_digits = 1");
      s.execute("SET LOCAL client_encoding = 'UTF8'");
    }
  }

  /** By a query, as neither partitioned tables nor hypertables give their rows otherwise. */
  static String out(String table, List<String> columns) {
    return "COPY (SELECT " + names(columns) + " FROM " + quoted(table) + ") TO STDOUT";
  }

  static String in(String table, List<String> columns) {
    return "COPY " + quoted(table) + " (" + names(columns) + ") FROM STDIN";
  }

  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static String names(List<String> columns) {
    return columns.stream().map(CopyText::quoted).collect(Collectors.joining(", "));
  }
}
