package io.plantroom.hub.ingest;

import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.jdbi.v3.core.ConnectionException;
import org.jspecify.annotations.Nullable;

/** Tells a database that is away from data that it will never take. */
final class SqlErrors {
  /** Connection, resources, operator, system, serialization and lock classes of SQLSTATE. */
  private static final Set<String> PASSING =
      Set.of("08", "40", "53", "55", "57", "58", "25", "XX", "28", "3D");

  private SqlErrors() {}

  /** The database's own words, without the statement and its values. */
  static String reason(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  /** Whether a row had no partition to go to: somebody has dropped one that we had made. */
  static boolean noPartition(Throwable error) {
    for (Throwable t = error; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql) {
        return "23514".equals(sql.getSQLState());
      }
    }
    return false;
  }

  /** Whether the same may well succeed later. */
  static boolean passing(@Nullable Throwable error) {
    for (Throwable t = error; t != null; t = t.getCause()) {
      if (t instanceof ConnectionException || t instanceof SQLTransientException) {
        return true;
      }
      if (t instanceof SQLException sql) {
        String state = sql.getSQLState();
        return state == null || state.length() < 2 || PASSING.contains(state.substring(0, 2));
      }
    }
    return false;
  }
}
