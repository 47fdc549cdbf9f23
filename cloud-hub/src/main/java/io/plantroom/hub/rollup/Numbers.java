package io.plantroom.hub.rollup;

import io.plantroom.hub.rollup.Reach.Point;
import io.plantroom.hub.rollup.Reach.Stretch;
import java.time.ZoneId;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Makes rollups of numbers: minutes from samples, quarters of an hour from minutes, hours and days
 * from what is next finer. Inside, times are milliseconds after the base as double, which are
 * exact. {@code least} passes over nulls.
 */
final class Numbers {
  private static final String COLUMNS =
      """
      INSERT INTO %s (bucket, point_id, n, bad, sum, min, max, first, first_ts, last, last_ts,
                      twa, covered_ms%s)""";

  private static final String MINUTES =
      COLUMNS.formatted("rollup_1m", ", holds")
          + """

          SELECT CAST(:base AS timestamptz) + make_interval(mins => m), point_id, n, bad, sum, min, max,
                 f[2], CAST(:base AS timestamptz) + make_interval(secs => f[1] / 1000),
                 l[2], CAST(:base AS timestamptz) + make_interval(secs => l[1] / 1000),
                 area / nullif(covered, 0), covered, coalesce(l[1] = newest, false)
            FROM (
              SELECT point_id, m, count(v) AS n, count(*) - count(v) AS bad,
                     sum(v) AS sum, min(v) AS min, max(v) AS max, max(at) AS newest,
                     min(ARRAY[at, v]) FILTER (WHERE v IS NOT NULL) AS f,
                     max(ARRAY[at, v]) FILTER (WHERE v IS NOT NULL) AS l,
                     sum(held + carried) AS covered,
                     coalesce(sum(held * v), 0) + coalesce(sum(carried * before), 0) AS area
                FROM (
                  SELECT point_id, m, at, v, before,
                         CASE WHEN v IS NULL THEN 0
                              ELSE least(next_at, at + hold, (m + 1) * 60000.0::float8) - at END AS held,
                         CASE WHEN before IS NULL OR before_at >= m * 60000.0::float8 THEN 0
                              ELSE greatest(least(at, before_at + hold) - m * 60000.0::float8, 0)
                              END AS carried
                    FROM (
                      SELECT d.point_id, d.s, d.hold, t.at, t.v, floor(t.at / 60000)::int AS m,
                             lag(t.at) OVER w AS before_at, lag(t.v) OVER w AS before,
                             lead(t.at) OVER w AS next_at
                        FROM unnest(CAST(:points AS int[]), CAST(:start AS int[]),
                                    CAST(:end AS int[]), CAST(:hold AS float8[]))
                               AS d(point_id, s, e, hold)
                       CROSS JOIN LATERAL (
                         SELECT round(date_part('epoch', ts - CAST(:base AS timestamptz)) * 1000) AS at,
                                CASE WHEN quality < 2 THEN value END AS v
                           FROM telemetry
                          WHERE point_id = d.point_id
                            AND ts >= CAST(:base AS timestamptz)
                                      + make_interval(mins => d.s, secs => - d.hold / 1000)
                            AND ts < CAST(:base AS timestamptz) + make_interval(mins => d.e)
                            AND ts >= :from AND ts < :until) t
                      WINDOW w AS (PARTITION BY d.point_id ORDER BY t.at)) s
                   WHERE at >= s * 60000.0::float8) c
               GROUP BY point_id, m) b
          ON CONFLICT DO NOTHING""";

  /** A minute stands for its samples: the value at its end holds on from there. */
  private static final String QUARTERS =
      """
      WITH r AS MATERIALIZED (
        SELECT r.*, CASE WHEN holds THEN last_at + hold END AS holds_until,
               lag(q) OVER w AS before_q,
               lag(CASE WHEN holds THEN last_at + hold END) OVER w AS before_until,
               lag(last) OVER w AS before, lead(at) OVER w AS next_at, lead(q) OVER w AS next_q
          FROM (
            SELECT d.point_id, d.s, d.e, d.hold, m.at, floor(m.at / 900000)::int AS q, n, bad, sum,
                   min, max, first, first_at, last, last_at, twa, covered_ms, holds
              FROM unnest(CAST(:points AS int[]), CAST(:start AS int[]), CAST(:end AS int[]),
                          CAST(:hold AS float8[])) AS d(point_id, s, e, hold)
             CROSS JOIN LATERAL (
               SELECT round(date_part('epoch', bucket - CAST(:base AS timestamptz)) * 1000) AS at,
                      round(date_part('epoch', first_ts - CAST(:base AS timestamptz)) * 1000) AS first_at,
                      round(date_part('epoch', last_ts - CAST(:base AS timestamptz)) * 1000) AS last_at,
                      n, bad, sum, min, max, first, last, twa, covered_ms, holds
                 FROM rollup_1m
                WHERE point_id = d.point_id
                  AND bucket >= CAST(:base AS timestamptz)
                                + make_interval(mins => d.s - 1, secs => - d.hold / 1000)
                  AND bucket < CAST(:base AS timestamptz) + make_interval(mins => d.e)
                  AND bucket >= :from AND bucket < :until) m) r
        WINDOW w AS (PARTITION BY point_id ORDER BY at)),
      parts AS (
        SELECT point_id, q, n, bad, sum, min, max, first, first_at, last, last_at,
               covered_ms + tail + carried AS covered,
               coalesce(twa * covered_ms, 0) + coalesce(tail * last, 0)
                 + coalesce(carried * before, 0) AS area
          FROM (
            SELECT r.*,
                   CASE WHEN holds_until IS NULL THEN 0
                        ELSE greatest(least(next_at, holds_until, (q + 1) * 900000.0::float8)
                                      - (at + 60000), 0) END AS tail,
                   CASE WHEN before_until IS NULL OR before_q >= q THEN 0
                        ELSE greatest(least(at, before_until) - q * 900000.0::float8, 0)
                        END AS carried
              FROM r WHERE at >= s * 60000.0::float8) c
        UNION ALL
        SELECT point_id, k, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
               least(holds_until, (k + 1) * 900000.0::float8) - k * 900000.0::float8,
               (least(holds_until, (k + 1) * 900000.0::float8) - k * 900000.0::float8) * last
          FROM r, generate_series(q + 1, least(e / 15, next_q,
                                    ceil(holds_until / 900000)::int) - 1) AS k
         WHERE holds_until > (q + 1) * 900000.0::float8 AND k >= s / 15)
      """
          + COLUMNS.formatted("rollup_15m", "")
          + """

          SELECT CAST(:base AS timestamptz) + make_interval(mins => q * 15), point_id, n, bad, sum,
                 min, max, f[2], CAST(:base AS timestamptz) + make_interval(secs => f[1] / 1000),
                 l[2], CAST(:base AS timestamptz) + make_interval(secs => l[1] / 1000),
                 area / nullif(covered, 0), covered
            FROM (
              SELECT point_id, q, sum(n) AS n, sum(bad) AS bad, sum(sum) AS sum, min(min) AS min,
                     max(max) AS max,
                     min(ARRAY[first_at, first]) FILTER (WHERE n > 0) AS f,
                     max(ARRAY[last_at, last]) FILTER (WHERE n > 0) AS l,
                     sum(covered) AS covered, sum(area) AS area
                FROM parts GROUP BY point_id, q) b
          ON CONFLICT DO NOTHING""";

  private static final String COARSER =
      COLUMNS.formatted("%s", "")
          + """

          SELECT CAST(:base AS timestamptz) + make_interval(mins => s), point_id, n, bad, sum, min, max,
                 f[2], CAST(:base AS timestamptz) + make_interval(secs => f[1] / 1000),
                 l[2], CAST(:base AS timestamptz) + make_interval(secs => l[1] / 1000),
                 area / nullif(covered, 0), covered
            FROM (
              SELECT d.point_id, d.s, sum(n) AS n, sum(bad) AS bad, sum(sum) AS sum,
                     min(min) AS min, max(max) AS max,
                     min(ARRAY[first_at, first]) FILTER (WHERE n > 0) AS f,
                     max(ARRAY[last_at, last]) FILTER (WHERE n > 0) AS l,
                     sum(covered_ms) AS covered, coalesce(sum(twa * covered_ms), 0) AS area
                FROM unnest(CAST(:points AS int[]), CAST(:start AS int[]), CAST(:end AS int[]))
                       AS d(point_id, s, e)
               CROSS JOIN LATERAL (
                 SELECT round(date_part('epoch', first_ts - CAST(:base AS timestamptz)) * 1000) AS first_at,
                        round(date_part('epoch', last_ts - CAST(:base AS timestamptz)) * 1000) AS last_at,
                        n, bad, sum, min, max, first, last, twa, covered_ms
                   FROM %s
                  WHERE point_id = d.point_id
                    AND bucket >= CAST(:base AS timestamptz) + make_interval(mins => d.s)
                    AND bucket < CAST(:base AS timestamptz) + make_interval(mins => d.e)
                    AND bucket >= :from AND bucket < :until) r
               GROUP BY d.point_id, d.s) b
          ON CONFLICT DO NOTHING""";

  private final Reach reach;
  private final Remake remake;

  Numbers(Handle handle, Reach reach, Runnable between) {
    this.reach = reach;
    this.remake = new Remake(handle, reach, between);
  }

  void make(ZoneId zone) {
    minutes();
    quarters();
    coarser("rollup_1h", "rollup_15m", reach.stretches(60, "rollup_15m"));
    List<Stretch> days = reach.days(zone, "rollup_15m");
    if (Reach.wholeHours(days)) {
      coarser("rollup_1d", "rollup_1h", reach.days(zone, "rollup_1h"));
    } else {
      coarser("rollup_1d", "rollup_15m", days);
    }
  }

  private void minutes() {
    List<Stretch> all =
        reach.points().stream().map(p -> stretch(p, p.low(), p.high(), true)).toList();
    List<Stretch> anew =
        reach.points().stream()
            .map(
                p ->
                    stretch(
                        p,
                        Math.max(
                            p.low(),
                            p.kept().getOrDefault("telemetry", -1_000_000_000) + p.holdMinutes()),
                        p.high(),
                        true))
            .filter(s -> s.start() < s.end())
            .toList();
    remake.delete("rollup_1m", anew);
    remake.insertWhatStands(MINUTES, all);
  }

  private void quarters() {
    List<Stretch> all = reach.points().stream().map(p -> quarters(p, p.low())).toList();
    List<Stretch> anew =
        reach.points().stream()
            .map(
                p -> {
                  int kept =
                      p.kept().getOrDefault("rollup_1m", -1_000_000_000) + p.holdMinutes() + 1;
                  return quarters(p, Math.max(p.low(), kept > p.low() ? kept + 14 : kept));
                })
            .filter(s -> s.start() < s.end())
            .toList();
    remake.delete("rollup_15m", anew);
    remake.insertWhatStands(QUARTERS, all);
  }

  private static Stretch quarters(Point p, int low) {
    return stretch(p, Math.floorDiv(low, 15) * 15, Math.floorDiv(p.high() + 14, 15) * 15, true);
  }

  private void coarser(String table, String source, List<Stretch> stretches) {
    remake.delete(table, stretches.stream().filter(Stretch::replace).toList());
    remake.insert(COARSER.formatted(table, source), stretches);
  }

  private static Stretch stretch(Point p, int start, int end, boolean replace) {
    return new Stretch(p.id(), start, end, p.holdSeconds(), replace);
  }
}
