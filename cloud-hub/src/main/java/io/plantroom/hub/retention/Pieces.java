package io.plantroom.hub.retention;

import io.plantroom.hub.access.Audit;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Chunks of hypertables and native partitions, by the stretch of time that each holds. */
final class Pieces {
  private static final String HYPERTABLE =
      """
      SELECT relkind <> 'p' FROM pg_class WHERE oid = CAST(:table AS regclass)""";
  private static final String CHUNKS =
      """
      SELECT format('%I.%I', chunk_schema, chunk_name) AS name, range_start AS a, range_end AS b
        FROM timescaledb_information.chunks WHERE hypertable_name = :table ORDER BY range_end""";
  private static final String PARTITIONS =
      """
      SELECT format('%I', relname) AS name, CAST(bounds[1] AS timestamptz) AS a,
             CAST(bounds[2] AS timestamptz) AS b
        FROM (SELECT c.relname,
                     regexp_match(pg_get_expr(c.relpartbound, c.oid),
                                  'FROM \\(''([^'']+)''\\) TO \\(''([^'']+)''\\)') AS bounds
                FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
               WHERE i.inhparent = CAST(:table AS regclass)) p
       WHERE bounds IS NOT NULL
       ORDER BY 3""";

  /**
   * Samples of this stretch are not in the rollups yet. Two days more, because what is made anew
   * reads what lies before it.
   */
  static final String UNCOVERED =
      """
      SELECT EXISTS (SELECT 1 FROM rollup_mark WHERE hour < CAST(:end AS timestamptz) + interval '2 days')""";

  private Pieces() {}

  /** A piece: from {@code start} to before {@code end}. */
  record Piece(String name, Instant start, Instant end) {}

  /** Oldest first. */
  static List<Piece> of(Handle handle, DataSet data) {
    return handle
        .createQuery(hypertable(handle, data) ? CHUNKS : PARTITIONS)
        .bind("table", data.table())
        .map(
            (rs, ctx) ->
                new Piece(
                    rs.getString("name"),
                    rs.getTimestamp("a").toInstant(),
                    rs.getTimestamp("b").toInstant()))
        .list();
  }

  private static boolean hypertable(Handle handle, DataSet data) {
    return handle.createQuery(HYPERTABLE).bind("table", data.table()).mapTo(Boolean.class).one();
  }

  /**
   * Drops a piece within the caller's transaction, unless some of it is not in the rollups. Once it
   * is locked nobody can add to it, so what is looked at then is all there is.
   */
  static boolean drop(Handle handle, DataSet data, Piece piece) {
    handle.execute("SET LOCAL lock_timeout = '5s'");
    boolean chunk = hypertable(handle, data);
    if (!chunk) {
      handle.execute("LOCK TABLE " + data.table() + " IN ACCESS EXCLUSIVE MODE");
    }
    handle.execute("LOCK TABLE " + piece.name() + " IN ACCESS EXCLUSIVE MODE");
    boolean uncovered =
        handle
            .createQuery(UNCOVERED)
            .bind("end", piece.end().atOffset(ZoneOffset.UTC))
            .mapTo(Boolean.class)
            .one();
    if (uncovered) {
      return false;
    }
    if (chunk) {
      handle
          .createQuery(
              "SELECT drop_chunks(CAST(:table AS regclass), older_than => CAST(:end AS timestamptz))")
          .bind("table", data.table())
          .bind("end", piece.end().atOffset(ZoneOffset.UTC))
          .mapTo(String.class)
          .list();
    } else {
      handle.execute("DROP TABLE " + piece.name());
    }
    Audit.add(
        handle,
        "hub",
        "retention",
        data.table(),
        "dropped " + piece.start() + " to " + piece.end(),
        "");
    return true;
  }
}
