package io.plantroom.hub.backup;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The hub's own tables as the database knows them, whatever level it has. */
final class Catalog {
  private static final String TABLES =
      """
      SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
       WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
         AND NOT c.relispartition AND c.relname <> 'flyway_schema_history'
         AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
         AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
       GROUP BY c.relname ORDER BY c.relname""";
  private static final String REFERENCES =
      """
      SELECT f.relname, t.relname FROM pg_constraint k
        JOIN pg_class f ON f.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
       WHERE k.contype = 'f' AND f.oid <> t.oid""";
  private static final String SEQUENCES =
      """
      SELECT sequencename, last_value FROM pg_sequences
       WHERE schemaname = current_schema() AND last_value IS NOT NULL""";
  private static final String SCHEMA =
      """
      SELECT version FROM flyway_schema_history WHERE success AND version IS NOT NULL
       ORDER BY string_to_array(version, '.')::int[] DESC LIMIT 1""";

  private Catalog() {}

  /** Columns by table, each table behind all that it refers to. */
  static Map<String, List<String>> tables(Connection connection) throws SQLException {
    Map<String, List<String>> columns = new LinkedHashMap<>();
    Map<String, Set<String>> needs = new TreeMap<>();
    try (Statement s = connection.createStatement()) {
      try (ResultSet rs = s.executeQuery(TABLES)) {
        while (rs.next()) {
          Array names = rs.getArray(2);
          columns.put(rs.getString(1), List.of((String[]) names.getArray()));
        }
      }
      try (ResultSet rs = s.executeQuery(REFERENCES)) {
        while (rs.next()) {
          needs.computeIfAbsent(rs.getString(1), t -> new TreeSet<>()).add(rs.getString(2));
        }
      }
    }
    Set<String> order = new LinkedHashSet<>();
    columns.keySet().forEach(table -> place(table, needs, new ArrayList<>(), order));
    Map<String, List<String>> sorted = new LinkedHashMap<>();
    order.stream().filter(columns::containsKey).forEach(t -> sorted.put(t, columns.get(t)));
    return sorted;
  }

  private static void place(
      String table, Map<String, Set<String>> needs, List<String> path, Set<String> order) {
    if (order.contains(table)) {
      return;
    }
    if (path.contains(table)) {
      throw new IllegalStateException("tables refer to each other in a circle: " + path);
    }
    path.add(table);
    needs.getOrDefault(table, Set.of()).forEach(t -> place(t, needs, path, order));
    path.remove(table);
    order.add(table);
  }

  /** The last number of each sequence that has given one. */
  static Map<String, Long> sequences(Connection connection) throws SQLException {
    Map<String, Long> found = new TreeMap<>();
    try (Statement s = connection.createStatement();
        ResultSet rs = s.executeQuery(SEQUENCES)) {
      while (rs.next()) {
        found.put(rs.getString(1), rs.getLong(2));
      }
    }
    return found;
  }

  /** The version of the tables. */
  static String schema(Connection connection) throws SQLException {
    try (Statement s = connection.createStatement();
        ResultSet rs = s.executeQuery(SCHEMA)) {
      if (!rs.next()) {
        throw new SQLException("no version of the tables is noted");
      }
      return rs.getString(1);
    }
  }

  static boolean exists(Connection connection, String table) throws SQLException {
    try (PreparedStatement s = connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
      s.setString(1, table);
      try (ResultSet rs = s.executeQuery()) {
        return rs.next() && rs.getBoolean(1);
      }
    }
  }
}
