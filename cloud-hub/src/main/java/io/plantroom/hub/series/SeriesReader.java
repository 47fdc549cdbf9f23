package io.plantroom.hub.series;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * Fills the steps of a grid. Numbers come from the coarsest rollup that fits; hours in which
 * samples have been written that no rollup knows yet come from the samples, so late data is in
 * every answer at once. States and registers, of which there are few, always come from the samples.
 */
final class SeriesReader {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String CHANGED =
      """
      SELECT DISTINCT (date_part('epoch', hour) * 1000)::bigint FROM rollup_mark
       WHERE site_id = ANY (:sites) AND NOT states AND hour >= :from AND hour < :to
         AND points && CAST(:points AS int[])""";
  private static final String KEPT_FROM =
      """
      SELECT max(kept_from) > :from FROM retention_horizon
       WHERE site_id = ANY (:sites) AND data = :data
         AND class IN (SELECT class FROM point WHERE id = ANY (:points))""";

  /** One row a point: of seventy thousand rows most of the cost would be in handing them over. */
  private static final String ROLLED =
      """
      SELECT point_id, array_agg((date_part('epoch', bucket) * 1000)::bigint) AS at,
             array_agg(n) AS n, array_agg(bad) AS bad, array_agg(sum) AS sum,
             array_agg(min) AS min, array_agg(max) AS max, array_agg(last) AS last
        FROM %s WHERE point_id = ANY (:points) AND bucket >= :from AND bucket < :to
       GROUP BY point_id""";

  private static final String SAMPLES =
      """
      SELECT point_id, (date_part('epoch', at) * 1000)::bigint AS at, n, bad, sum, min, max,
             newest[2] AS last, newest[1] AS last_at
        FROM (SELECT point_id, date_bin(:step * interval '1 second', ts, :origin) AS at,
                     count(v) AS n, count(*) - count(v) AS bad, sum(v) AS sum, min(v) AS min,
                     max(v) AS max, max(ARRAY[date_part('epoch', ts), v]) FILTER (WHERE v IS NOT NULL) AS newest
                FROM (SELECT point_id, ts, CASE WHEN quality < 2 THEN %s END AS v FROM %s
                       WHERE point_id = ANY (:points) AND ts >= :from AND ts < :to) s
               GROUP BY 1, 2) b""";

  private final Handle handle;
  private final Grid grid;
  private final int size;
  private final Map<Integer, Column> columns = new HashMap<>();

  private SeriesReader(Handle handle, Grid grid) {
    this.handle = handle;
    this.grid = grid;
    this.size = grid.size();
  }

  /** The columns of some points, by their ids. */
  static Map<Integer, Column> read(Handle handle, Grid grid, List<SeriesPoint> points) {
    SeriesReader reader = new SeriesReader(handle, grid);
    Map<String, List<SeriesPoint>> tables = new HashMap<>();
    for (SeriesPoint p : points) {
      reader.columns.put(p.id(), new Column(reader.size));
      tables.computeIfAbsent(p.table(), t -> new ArrayList<>()).add(p);
    }
    tables.forEach(
        (table, same) -> {
          if (table.equals(Resolution.RAW.table()) && grid.source() != Resolution.RAW) {
            reader.numbers(same);
          } else {
            reader.samples(same, grid.from(), grid.to());
          }
        });
    return reader.columns;
  }

  private void numbers(List<SeriesPoint> points) {
    Set<Long> changed = changed(points);
    Resolution table = grid.source();
    if (table == Resolution.DAY && !changed.isEmpty()) {
      // A day that changed is put together from its hours.
      Instant from = grid.from();
      for (int i = 0; i < size; i++) {
        boolean other = changedIn(changed, i) != changedIn(changed, i + 1);
        if (other || i == size - 1) {
          rolled(
              changedIn(changed, i) ? partOfDay() : Resolution.DAY,
              points,
              from,
              grid.start(i + 1),
              changed);
          from = grid.start(i + 1);
        }
      }
    } else {
      rolled(table, points, grid.from(), grid.to(), changed);
    }
    long next = Long.MIN_VALUE;
    Instant begin = grid.from();
    for (long hour : changed.stream().sorted().toList()) {
      if (hour != next) {
        unlessEmpty(points, begin, next);
        begin = later(Instant.ofEpochMilli(hour), grid.from());
      }
      next = hour + HOUR.toMillis();
    }
    unlessEmpty(points, begin, next);
  }

  private void unlessEmpty(List<SeriesPoint> points, Instant from, long until) {
    if (until != Long.MIN_VALUE && until > from.toEpochMilli()) {
      samples(points, from, earlier(Instant.ofEpochMilli(until)));
    }
  }

  /** In some zones a day does not begin with an hour of UTC. */
  private Resolution partOfDay() {
    boolean wholeHours =
        grid.zone().getRules().getOffset(grid.from()).getTotalSeconds() % 3600 == 0;
    return wholeHours ? Resolution.HOUR : Resolution.QUARTER;
  }

  private boolean changedIn(Set<Long> changed, int step) {
    return changed.stream().anyMatch(hour -> grid.index(hour) == step);
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private Instant earlier(Instant end) {
    return end.isBefore(grid.to()) ? end : grid.to();
  }

  /** Hours that the rollups do not show as they are, by their beginning. */
  private Set<Long> changed(List<SeriesPoint> points) {
    return new HashSet<>(
        bind(handle.createQuery(CHANGED), points, grid.from().minus(HOUR), grid.to())
            .bindArray("sites", String.class, sites(points))
            .mapTo(Long.class)
            .list());
  }

  /** The table to read: a coarser one when the finer is no longer kept for all of the time. */
  static Resolution kept(Handle handle, Resolution finest, Instant from, List<SeriesPoint> points) {
    for (Resolution table : EnumSet.range(finest, Resolution.DAY)) {
      boolean gone =
          handle
              .createQuery(KEPT_FROM)
              .bind("from", utc(from))
              .bind("data", table.table())
              .bindArray("sites", String.class, sites(points))
              .bindArray("points", Integer.class, ids(points))
              .mapTo(Boolean.class)
              .findOne()
              .orElse(false);
      if (!gone) {
        return table;
      }
    }
    return finest;
  }

  private static Object[] sites(List<SeriesPoint> points) {
    return points.stream().map(SeriesPoint::siteId).distinct().toArray();
  }

  private static Object[] ids(List<SeriesPoint> points) {
    return points.stream().map(SeriesPoint::id).toArray();
  }

  private void rolled(
      Resolution table, List<SeriesPoint> points, Instant from, Instant to, Set<Long> without) {
    long hour = HOUR.toMillis();
    bind(handle.createQuery(ROLLED.formatted(table.table())), points, from, to)
        .scanResultSet(
            (rows, ctx) -> {
              ResultSet rs = rows.get();
              while (rs.next()) {
                Rolled of = Rolled.read(rs);
                for (int i = 0; i < of.at().length; i++) {
                  long at = of.at()[i];
                  if (table == Resolution.DAY
                      || !without.contains(Math.floorDiv(at, hour) * hour)) {
                    add(of.point(), at, of.part(i));
                  }
                }
              }
              return size;
            });
  }

  private void samples(List<SeriesPoint> points, Instant from, Instant to) {
    // The hours of a site may begin at a quarter of UTC's.
    long step = grid.source() == Resolution.DAY ? 900 : grid.step();
    SeriesPoint first = points.get(0);
    add(
        bind(handle.createQuery(SAMPLES.formatted(first.number(), first.table())), points, from, to)
            .bind("step", step)
            .bind("origin", utc(grid.from())),
        at -> true);
  }

  /** By the number of the column: there are many rows. */
  private void add(Query query, LongPredicate wanted) {
    query.scanResultSet(
        (rows, ctx) -> {
          ResultSet rs = rows.get();
          while (rs.next()) {
            long at = rs.getLong(2);
            if (wanted.test(at)) {
              add(rs.getInt(1), at, part(rs));
            }
          }
          return size;
        });
  }

  private static Column.Part part(ResultSet rs) throws SQLException {
    return new Column.Part(
        rs.getLong(3),
        rs.getLong(4),
        rs.getDouble(5),
        rs.getDouble(6),
        rs.getDouble(7),
        rs.getDouble(8),
        rs.getDouble(9));
  }

  private void add(int point, long at, Column.Part part) {
    int step = grid.index(at);
    Column column = columns.get(point);
    if (column != null && step >= 0 && step < size) {
      column.add(step, part);
    }
  }

  private static Query bind(Query query, List<SeriesPoint> points, Instant from, Instant to) {
    return query
        .bindArray("points", Integer.class, ids(points))
        .bind("from", utc(from))
        .bind("to", utc(to));
  }

  static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
