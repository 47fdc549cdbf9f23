package io.plantroom.bench.query;

import io.plantroom.bench.Benchmark;
import io.plantroom.bench.Outcome;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** What a person waits for at the console, through the hub's API, on a large table. */
public final class QueryBenchmark implements Benchmark {
  private static final int POINTS = 10_000;
  private static final int BUSY = 100;
  private static final int DAYS = 30;

  /** The same question without rollups. */
  private static final String RAW =
      """
      SELECT count(*) FROM (
        SELECT point_id, date_bin('1 hour', ts, timestamptz '2020-01-01T00:00:00Z') AS at,
               min(value), max(value), avg(value), count(*)
          FROM telemetry WHERE point_id <= %d AND ts >= '%s' AND ts < '%s' AND quality < 2
         GROUP BY 1, 2) b""";

  private final long rows;

  /**
   * @param rows of the hundred points that are asked for most
   */
  public QueryBenchmark(long rows) {
    this.rows = rows;
  }

  @Override
  public String about() {
    return "30 days hourly of 100 points with %d million rows, from rollups, against the samples; the latest of 10,000 points, a point's day"
        .formatted(rows / 1_000_000);
  }

  @Override
  public Outcome run() throws Exception {
    Instant to = Instant.now().truncatedTo(ChronoUnit.DAYS);
    Instant from = to.minus(DAYS, ChronoUnit.DAYS);
    try (HubUnderTest hub = new HubUnderTest()) {
      fill(hub, from);
      hub.restart();
      say("latest of 10,000 points", hub.median(15, "/sites/bench/latest"), 50);
      String day = "from=%s&to=%s".formatted(to.minus(1, ChronoUnit.DAYS), to);
      double pointDay = hub.median(15, "/points/7/series?buckets=2000&" + day);
      say("one day of a point from its " + rows / BUSY / DAYS + " samples", pointDay, 100);
      StringBuilder points = new StringBuilder("1");
      for (int i = 2; i <= BUSY; i++) {
        points.append(',').append(i);
      }
      String month = "step=1h&from=%s&to=%s&points=%s".formatted(from, to, points);
      double rolled = hub.median(15, "/sites/bench/series?" + month);
      say("30 days of 100 points by the hour from rollups", rolled, 200);
      double raw = raw(hub, from, to);
      System.out.printf(
          Locale.ROOT,
          "the same from %d million samples, in SQL: %.0f ms%n",
          rows / 1_000_000,
          raw);
      return new Outcome(rolled, "ms", "samples", raw);
    }
  }

  private static void say(String what, double millis, int limit) {
    System.out.printf(Locale.ROOT, "%s: %.0f ms (limit %d)%n", what, millis, limit);
  }

  private void fill(HubUnderTest hub, Instant from) throws SQLException {
    try (Connection connection = hub.connect();
        Statement s = connection.createStatement()) {
      s.execute("SET synchronous_commit = off");
      s.execute("SET work_mem = '256MB'");
      s.execute(
          """
          INSERT INTO device (gateway_id, key, name_zh, name_en)
          SELECT g.id, 'device-' || i, '设备', 'Device'
            FROM gateway g, generate_series(1, %d) i"""
              .formatted(POINTS / 20));
      s.execute(
          """
          INSERT INTO point (device_id, name, kind, first_at)
          SELECT d.id, 'point-' || i, 0, '%s' FROM device d, generate_series(1, 20) i ORDER BY 1, 2"""
              .formatted(from));
      s.execute(
          """
          SELECT ensure_partition(d::date)
            FROM generate_series('%s'::timestamptz - interval '1 day', now(), interval '1 day') d"""
              .formatted(from));
      double period = DAYS * 86_400.0 * BUSY / rows;
      for (int day = 0; day < DAYS; day++) {
        Instant begin = from.plus(day, ChronoUnit.DAYS);
        s.execute(
            """
            INSERT INTO telemetry (ts, value, point_id, quality, cause, clock_trusted)
            SELECT timestamptz '%s' + i * interval '%f seconds', 20 + (i %% 97) * 0.1, p, 0, 0, true
              FROM generate_series(0, %d) i, generate_series(1, %d) p"""
                .formatted(begin, period, (long) (86_400 / period) - 1, BUSY));
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
      s.execute("VACUUM ANALYZE");
      try (ResultSet rs = s.executeQuery("SELECT count(*) FROM telemetry")) {
        rs.next();
        System.out.printf(Locale.ROOT, "%,d samples%n", rs.getLong(1));
      }
    }
  }

  private static double raw(HubUnderTest hub, Instant from, Instant to) throws SQLException {
    try (Connection connection = hub.connect();
        Statement s = connection.createStatement()) {
      s.execute("SET work_mem = '64MB'");
      double best = Double.MAX_VALUE;
      for (int round = 0; round < 2; round++) {
        long began = System.nanoTime();
        try (ResultSet rs = s.executeQuery(RAW.formatted(BUSY, from, to))) {
          rs.next();
        }
        best = Math.min(best, (System.nanoTime() - began) / 1e6);
      }
      return best;
    }
  }
}
