package io.plantroom.hub.database;

import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Moves partitions of plain PostgreSQL into hypertables, after TimescaleDB has been installed. Each
 * partition is copied and dropped in one transaction, so that it can be broken off at any time and
 * called again, and needs room for the largest partition only. No hub may run meanwhile.
 */
public final class RaiseLevel {
  /** What lies in partitions, by the length of a chunk. */
  private static final Map<String, String> TABLES =
      new TreeMap<>(
          Map.of(
              "telemetry", "1 day",
              "telemetry_state", "7 days",
              "rollup_1m", "7 days",
              "rollup_15m", "30 days"));

  private static final String HUBS =
      """
      SELECT count(*) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'plantroom-hub'
         AND pid <> pg_backend_pid()""";
  private static final String PARTITIONED =
      """
      SELECT EXISTS (SELECT 1 FROM pg_class WHERE oid = to_regclass(:table) AND relkind = 'p')""";
  private static final String PARTITIONS =
      """
      SELECT format('%I', c.relname) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
       WHERE i.inhparent = to_regclass(:table) ORDER BY c.relname""";

  private final DatabaseConfig config;
  private final Consumer<String> say;

  /**
   * @param say is told of each partition
   */
  public RaiseLevel(DatabaseConfig config, Consumer<String> say) {
    this.config = config;
    this.say = say;
  }

  /**
   * Moves all there is to move.
   *
   * @return rows that were moved
   * @throws IllegalStateException when the database is not ready for it; the message says why
   */
  public long run() throws SQLException {
    long rows = 0;
    try (Connection connection = Database.connect(config);
        Handle handle = Jdbi.open(connection)) {
      check(handle);
      for (Map.Entry<String, String> e : TABLES.entrySet()) {
        String table = e.getKey();
        String time = table.startsWith("rollup") ? "bucket" : "ts";
        if (handle.createQuery(PARTITIONED).bind("table", table).mapTo(Boolean.class).one()) {
          handle.useTransaction(h -> replace(h, table, time, e.getValue()));
        }
        rows += move(handle, table);
      }
      // As V003 has it for hypertables, whose chunks are made by the extension.
      handle.execute(
          "CREATE OR REPLACE FUNCTION ensure_partition(day date) RETURNS void LANGUAGE sql"
              + " AS $$ SELECT $$");
    }
    Database.repair(config);
    return rows;
  }

  private static void check(Handle handle) {
    if (Database.level(handle) == DatabaseLevel.POSTGRESQL) {
      throw new IllegalStateException(
          "TimescaleDB is not in this database; run CREATE EXTENSION timescaledb first");
    }
    if (handle
        .createQuery("SELECT to_regclass('rollup_mark')::text")
        .mapTo(String.class)
        .findOne()
        .isEmpty()) {
      throw new IllegalStateException(
          "the tables are of an older release; start this release of the hub once first");
    }
    if (handle.createQuery(HUBS).mapTo(Long.class).one() > 0) {
      throw new IllegalStateException("a hub is running on this database; stop it first");
    }
  }

  /** The partitions step aside under another name, an empty hypertable takes their place. */
  private static void replace(Handle handle, String table, String time, String chunk) {
    for (String sql :
        List.of(
            "ALTER TABLE %1$s RENAME TO %1$s_plain",
            "ALTER INDEX %1$s_pk RENAME TO %1$s_plain_pk",
            "CREATE TABLE %1$s (LIKE %1$s_plain)",
            "SELECT create_hypertable('%1$s', by_range('%2$s', interval '%3$s'),"
                + " create_default_indexes => false)",
            "CREATE UNIQUE INDEX %1$s_pk ON %1$s (point_id, %2$s)")) {
      handle.execute(sql.formatted(table, time, chunk));
    }
  }

  private long move(Handle handle, String table) {
    long rows = 0;
    String old = table + "_plain";
    for (String part :
        handle.createQuery(PARTITIONS).bind("table", old).mapTo(String.class).list()) {
      long moved =
          handle.inTransaction(
              h -> {
                h.execute("LOCK TABLE " + part + " IN ACCESS EXCLUSIVE MODE");
                long stood = h.createQuery("SELECT count(*) FROM " + part).mapTo(Long.class).one();
                long copied = h.execute("INSERT INTO " + table + " SELECT * FROM " + part);
                if (copied != stood) {
                  throw new IllegalStateException(
                      part + ": " + stood + " rows stand, " + copied + " were copied");
                }
                h.execute("DROP TABLE " + part);
                return copied;
              });
      if (moved > 0) {
        say.accept(part + ": " + moved + " rows");
      }
      rows += moved;
    }
    handle.execute("DROP TABLE IF EXISTS " + old);
    return rows;
  }
}
