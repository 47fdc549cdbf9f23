package io.plantroom.hub.analysis;

import io.plantroom.hub.analysis.Curve.Bound;
import io.plantroom.hub.analysis.Curve.Fall;
import io.plantroom.hub.analysis.Curve.Sample;
import io.plantroom.hub.analysis.Register.Counter;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Counters at the bounds of a period. However many samples there are, only those next to a bound
 * are looked up; where a register fell was noted when the samples were stored.
 */
final class Curves {
  private static final String GOOD =
      """
      s.point_id = c.id AND s.quality = 0 AND s.value IS NOT NULL""";

  /** Good, and not one of those that cannot be true. Asked only of points that have any. */
  private static final String BELIEVED =
      GOOD
          + " AND NOT EXISTS (SELECT 1 FROM register_break k WHERE k.point_id = s.point_id"
          + " AND s.ts BETWEEN k.stray_from AND k.stray_to)";

  private static final String STRAYS =
      """
      SELECT DISTINCT point_id FROM register_break
       WHERE point_id = ANY (:points) AND stray_from <= :to AND stray_to >= :from""";

  /** Each bucket is searched on its own, so that a year of bad samples is passed over only once. */
  private static final String SAMPLES =
      """
      WITH bound AS (
        SELECT at, coalesce(lag(at) OVER w, at - interval '40 days') AS prev,
               coalesce(lead(at) OVER w, at + interval '40 days') AS next
          FROM unnest(CAST(:bounds AS timestamptz[])) AS at WINDOW w AS (ORDER BY at))
      SELECT c.id, l.ts AS l_ts, l.value AS l_value, l.clock_trusted AS l_trusted,
             r.ts AS r_ts, r.value AS r_value, r.clock_trusted AS r_trusted
        FROM unnest(:points) AS c(id) CROSS JOIN bound b
        LEFT JOIN LATERAL (
          SELECT s.ts, s.value, s.clock_trusted FROM register_sample s
           WHERE %1$s AND s.ts > b.prev AND s.ts <= b.at ORDER BY s.ts DESC LIMIT 1) l ON true
        LEFT JOIN LATERAL (
          SELECT s.ts, s.value, s.clock_trusted FROM register_sample s
           WHERE %1$s AND s.ts >= b.at AND s.ts < b.next ORDER BY s.ts LIMIT 1) r ON true
       ORDER BY c.id, b.at""";

  private static final String FALLS =
      """
      SELECT point_id, prev_ts, prev_value, ts, value FROM register_break
       WHERE point_id = ANY (:points) AND stray_from IS NULL AND ts > :from AND ts <= :to
       ORDER BY point_id, ts""";

  private Curves() {}

  private record Pair(int point, @Nullable Sample before, @Nullable Sample after) {}

  /** The curve of each counter by its point. */
  static Map<Integer, Curve> read(
      Handle handle, Collection<Counter> counters, List<Instant> bounds, Instant now) {
    // Many cheap look-ups add up to a cost at which the server would begin to compile the query,
    // and
    // while it does not know how large the table has become, it would read all of it.
    handle.execute("SET LOCAL jit = off; SET LOCAL enable_seqscan = off");
    List<Integer> points = counters.stream().map(Counter::pointId).distinct().toList();
    Set<Integer> strays = strays(handle, points, bounds);
    Map<Integer, List<Pair>> pairs = new HashMap<>();
    points.stream()
        .collect(Collectors.partitioningBy(strays::contains))
        .forEach((some, of) -> pairs(handle, some ? BELIEVED : GOOD, of, bounds, pairs));
    Map<Integer, List<Fall>> falls = falls(handle, points, bounds);
    Map<Integer, Curve> curves = new HashMap<>();
    for (Counter c : counters) {
      curves.put(
          c.pointId(),
          new Curve(
              carried(pairs.getOrDefault(c.pointId(), List.of()), bounds),
              falls.getOrDefault(c.pointId(), List.of()),
              c.digits(),
              c.decimals(),
              c.silenceSeconds(),
              now));
    }
    return curves;
  }

  private static Set<Integer> strays(Handle handle, List<Integer> points, List<Instant> bounds) {
    return handle
        .createQuery(STRAYS)
        .bindArray("points", Integer.class, points.toArray())
        .bind("from", bounds.get(0).minus(Curve.LONGEST_GAP).atOffset(ZoneOffset.UTC))
        .bind("to", bounds.get(bounds.size() - 1).plus(Curve.LONGEST_GAP).atOffset(ZoneOffset.UTC))
        .mapTo(Integer.class)
        .set();
  }

  private static void pairs(
      Handle handle,
      String which,
      List<Integer> points,
      List<Instant> bounds,
      Map<Integer, List<Pair>> pairs) {
    if (points.isEmpty()) {
      return;
    }
    handle
        .createQuery(SAMPLES.formatted(which))
        .bindArray("bounds", String.class, bounds.stream().map(Instant::toString).toArray())
        .bindArray("points", Integer.class, points.toArray())
        .setFetchSize(5000)
        .map((rs, ctx) -> new Pair(rs.getInt("id"), sample(rs, "l_"), sample(rs, "r_")))
        .forEach(p -> pairs.computeIfAbsent(p.point(), k -> new ArrayList<>()).add(p));
  }

  /** A bucket without samples lies between those of the buckets before and behind it. */
  private static List<Bound> carried(List<Pair> pairs, List<Instant> bounds) {
    Sample[] before = new Sample[bounds.size()];
    Sample[] after = new Sample[bounds.size()];
    for (int i = 0; i < pairs.size(); i++) {
      Sample found = pairs.get(i).before();
      before[i] = found == null && i > 0 ? before[i - 1] : found;
    }
    for (int i = pairs.size() - 1; i >= 0; i--) {
      Sample found = pairs.get(i).after();
      after[i] = found == null && i + 1 < pairs.size() ? after[i + 1] : found;
    }
    List<Bound> carried = new ArrayList<>();
    for (int i = 0; i < bounds.size(); i++) {
      carried.add(new Bound(bounds.get(i), before[i], after[i]));
    }
    return carried;
  }

  private static Map<Integer, List<Fall>> falls(
      Handle handle, List<Integer> points, List<Instant> bounds) {
    Map<Integer, List<Fall>> falls = new HashMap<>();
    handle
        .createQuery(FALLS)
        .bindArray("points", Integer.class, points.toArray())
        .bind("from", bounds.get(0).minus(Curve.LONGEST_GAP).atOffset(ZoneOffset.UTC))
        .bind("to", bounds.get(bounds.size() - 1).plus(Curve.LONGEST_GAP).atOffset(ZoneOffset.UTC))
        .map(
            (rs, ctx) ->
                Map.entry(
                    rs.getInt("point_id"),
                    new Fall(
                        rs.getTimestamp("prev_ts").toInstant(),
                        rs.getBigDecimal("prev_value"),
                        rs.getTimestamp("ts").toInstant(),
                        rs.getBigDecimal("value"))))
        .forEach(f -> falls.computeIfAbsent(f.getKey(), k -> new ArrayList<>()).add(f.getValue()));
    return falls;
  }

  private static @Nullable Sample sample(ResultSet rs, String prefix) throws SQLException {
    Timestamp ts = rs.getTimestamp(prefix + "ts");
    BigDecimal value = rs.getBigDecimal(prefix + "value");
    return ts == null || value == null
        ? null
        : new Sample(ts.toInstant(), value, rs.getBoolean(prefix + "trusted"));
  }
}
