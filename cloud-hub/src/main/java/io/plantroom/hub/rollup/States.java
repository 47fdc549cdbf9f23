package io.plantroom.hub.rollup;

import io.plantroom.hub.rollup.Reach.Stretch;
import java.time.ZoneId;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Makes the rollups of states: for how long each code stood, in hours and days. */
final class States {
  private static final String FROM_SAMPLES =
      """
      INSERT INTO %1$s (bucket, point_id, state, ms)
      SELECT CAST(:base AS timestamptz) + make_interval(mins => s), point_id, state, sum(ms)
        FROM (
          SELECT d.point_id, d.s, t.state,
                 least(t.next_at, t.at + d.hold, d.e * 60000.0::float8)
                   - greatest(t.at, d.s * 60000.0::float8) AS ms
            FROM unnest(CAST(:points AS int[]), CAST(:start AS int[]), CAST(:end AS int[]),
                        CAST(:hold AS float8[])) AS d(point_id, s, e, hold)
           CROSS JOIN LATERAL (
             SELECT at, state, lead(at) OVER (ORDER BY at) AS next_at
               FROM (SELECT round(date_part('epoch', ts - CAST(:base AS timestamptz)) * 1000) AS at,
                            CASE WHEN quality < 2 THEN state END AS state
                       FROM telemetry_state
                      WHERE point_id = d.point_id
                        AND ts >= CAST(:base AS timestamptz)
                                  + make_interval(mins => d.s, secs => - d.hold / 1000)
                        AND ts < CAST(:base AS timestamptz) + make_interval(mins => d.e)
                        AND ts >= :from AND ts < :until) x) t
           WHERE t.state IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM %1$s o
                              WHERE o.point_id = d.point_id
                                AND o.bucket = CAST(:base AS timestamptz)
                                               + make_interval(mins => d.s))) p
       WHERE ms > 0
       GROUP BY point_id, s, state""";

  private static final String FROM_HOURS =
      """
      INSERT INTO rollup_state_1d (bucket, point_id, state, ms)
      SELECT CAST(:base AS timestamptz) + make_interval(mins => d.s), d.point_id, r.state, sum(r.ms)
        FROM unnest(CAST(:points AS int[]), CAST(:start AS int[]), CAST(:end AS int[]))
               AS d(point_id, s, e)
        JOIN rollup_state_1h r ON r.point_id = d.point_id
         AND r.bucket >= CAST(:base AS timestamptz) + make_interval(mins => d.s)
         AND r.bucket < CAST(:base AS timestamptz) + make_interval(mins => d.e)
       WHERE NOT EXISTS (SELECT 1 FROM rollup_state_1d o
                          WHERE o.point_id = d.point_id
                            AND o.bucket = CAST(:base AS timestamptz) + make_interval(mins => d.s))
         AND r.bucket >= :from AND r.bucket < :until
       GROUP BY d.point_id, d.s, r.state""";

  private final Reach reach;
  private final Remake remake;

  States(Handle handle, Reach reach, Runnable between) {
    this.reach = reach;
    this.remake = new Remake(handle, reach, between);
  }

  void make(ZoneId zone) {
    fromSamples("rollup_state_1h", reach.stretches(60, "telemetry_state"));
    List<Stretch> days = reach.days(zone, "telemetry_state");
    if (Reach.wholeHours(days)) {
      List<Stretch> fromHours = reach.days(zone, "rollup_state_1h");
      delete("rollup_state_1d", fromHours);
      remake.insert(FROM_HOURS, fromHours);
    } else {
      fromSamples("rollup_state_1d", days);
    }
  }

  private void fromSamples(String table, List<Stretch> stretches) {
    delete(table, stretches);
    remake.insertWhatStands(FROM_SAMPLES.formatted(table), stretches);
  }

  private void delete(String table, List<Stretch> stretches) {
    remake.delete(table, stretches.stream().filter(Stretch::replace).toList());
  }
}
