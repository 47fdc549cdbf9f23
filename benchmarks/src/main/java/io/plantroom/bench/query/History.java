package io.plantroom.bench.query;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * The samples of a site of 10,000 points: of a hundred a fixed number each day, of the others one
 * every six hours, and the rollups by the hour. Written by SQL, because the way through the ingest
 * is measured elsewhere.
 *
 * @param perDay samples a day of the hundred together
 */
record History(double perDay) {
  static final int POINTS = 10_000;
  static final int BUSY = 100;

  /** Makes devices and points of the one gateway. */
  static void points(Statement s, Instant first) throws SQLException {
    s.execute(
        """
        INSERT INTO device (gateway_id, key, name_zh, name_en)
        SELECT g.id, 'device-' || i, '设备', 'Device'
          FROM gateway g, generate_series(1, %d) i WHERE g.code = 'gw-bench'"""
            .formatted(POINTS / 20));
    s.execute(
        """
        INSERT INTO point (device_id, name, kind, first_at)
        SELECT d.id, 'point-' || i, 0, '%s' FROM device d, generate_series(1, 20) i ORDER BY 1, 2"""
            .formatted(first));
  }

  /** Fills some days from a midnight of UTC on. */
  void days(Statement s, Instant from, int days) throws SQLException {
    s.execute("SET synchronous_commit = off");
    s.execute("SET work_mem = '256MB'");
    for (int day = 0; day < days; day++) {
      day(s, from.plus(day, ChronoUnit.DAYS));
    }
  }

  private void day(Statement s, Instant begin) throws SQLException {
    double period = 86_400.0 * BUSY / perDay;
    s.execute("SELECT ensure_partition(timestamptz '%s'::date)".formatted(begin));
    s.execute(
        String.format(
            Locale.ROOT,
            """
            INSERT INTO telemetry (ts, value, point_id, quality, cause, clock_trusted)
            SELECT timestamptz '%s' + i * interval '%f seconds', 20 + (i %% 97) * 0.1, p, 0, 0, true
              FROM generate_series(0, %d) i, generate_series(1, %d) p""",
            begin,
            period,
            (long) (86_400 / period) - 1,
            BUSY));
    s.execute(
        """
        INSERT INTO telemetry (ts, value, point_id, quality, cause, clock_trusted)
        SELECT timestamptz '%s' + i * interval '6 hours', 20, p, 0, 0, true
          FROM generate_series(0, 3) i, generate_series(%d, %d) p"""
            .formatted(begin, BUSY + 1, POINTS));
    s.execute(
        """
        INSERT INTO rollup_1h (bucket, point_id, n, bad, sum, min, max, first, first_ts, last,
                               last_ts, twa, covered_ms)
        SELECT date_trunc('hour', ts) AS b, point_id, count(*), 0, sum(value), min(value),
               max(value), min(value), min(ts), max(value), max(ts), avg(value), 3600000
          FROM telemetry WHERE ts >= '%s' AND ts < '%s' GROUP BY 1, 2"""
            .formatted(begin, begin.plus(1, ChronoUnit.DAYS)));
  }
}
