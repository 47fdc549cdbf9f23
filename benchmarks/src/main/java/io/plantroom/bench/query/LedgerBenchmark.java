package io.plantroom.bench.query;

import io.plantroom.bench.Benchmark;
import io.plantroom.bench.Outcome;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.Locale;

/** The day of a gateway in the gap ledger, with a year of daily partitions behind it. */
public final class LedgerBenchmark implements Benchmark {
  private static final int POINTS = 500;
  private static final int DAYS = 365;

  /** What the ledger did before the first time was kept with the point. */
  private static final String SEARCH =
      """
      SELECT count(least(n.first, s.first, r.first))
        FROM point p
        LEFT JOIN LATERAL (SELECT min(ts) AS first FROM telemetry
                            WHERE point_id = p.id) n ON true
        LEFT JOIN LATERAL (SELECT min(ts) AS first FROM telemetry_state
                            WHERE point_id = p.id) s ON true
        LEFT JOIN LATERAL (SELECT min(ts) AS first FROM register_sample
                            WHERE point_id = p.id) r ON true""";

  @Override
  public String about() {
    return "a gateway's day in the gap ledger, 500 points, 720,000 samples, a year of days, against a second";
  }

  @Override
  public Outcome run() throws Exception {
    try (HubUnderTest hub = new HubUnderTest()) {
      long gateway = fill(hub);
      hub.restart();
      LocalDate day = LocalDate.now(java.time.ZoneId.of("Asia/Shanghai")).minusDays(2);
      String path = "/gateways/" + gateway + "/gaps?day=" + day;
      double ours = hub.median(7, path);
      double search = search(hub);
      System.out.printf(
          Locale.ROOT,
          "a day of %d points in slots of ten minutes: %.0f ms; their first samples out of %d days: %.0f ms%n",
          POINTS,
          ours,
          DAYS,
          search);
      return new Outcome(ours, "ms", "limit", 1000);
    }
  }

  /** A sample every six hours for a year, and one a minute in the last days. */
  private static long fill(HubUnderTest hub) throws SQLException {
    try (Connection connection = hub.connect();
        Statement s = connection.createStatement()) {
      s.execute(
          """
          INSERT INTO device (gateway_id, key, name_zh, name_en)
          SELECT g.id, 'device-' || i, '设备', 'Device' FROM gateway g, generate_series(1, 25) i""");
      s.execute(
          """
          INSERT INTO point (device_id, name, kind, first_at)
          SELECT d.id, 'point-' || i, 0, date_trunc('day', now()) - interval '%d days'
            FROM device d, generate_series(1, %d) i"""
              .formatted(DAYS, POINTS / 25));
      s.execute(
          """
          SELECT ensure_partition(d::date)
            FROM generate_series(now() - interval '%d days', now(), interval '1 day') d"""
              .formatted(DAYS + 1));
      s.execute(
          """
          INSERT INTO telemetry (ts, value, point_id, quality, cause, clock_trusted)
          SELECT t, 20 + random(), p.id, 0, 0, true
            FROM generate_series(date_trunc('day', now()) - interval '%d days',
                                 date_trunc('day', now()) - interval '4 days', interval '6 hours') t,
                 point p"""
              .formatted(DAYS));
      s.execute(
          """
          INSERT INTO telemetry (ts, value, point_id, quality, cause, clock_trusted)
          SELECT t, 20 + random(), p.id, 0, 0, true
            FROM generate_series(date_trunc('day', now()) - interval '4 days' + interval '1 minute',
                                 now(), interval '1 minute') t, point p""");
      s.execute("ANALYZE");
      try (ResultSet rs = s.executeQuery("SELECT id FROM gateway")) {
        rs.next();
        return rs.getLong(1);
      }
    }
  }

  private static double search(HubUnderTest hub) throws SQLException {
    try (Connection connection = hub.connect();
        Statement s = connection.createStatement()) {
      double best = Double.MAX_VALUE;
      for (int round = 0; round < 2; round++) {
        long began = System.nanoTime();
        try (ResultSet rs = s.executeQuery(SEARCH)) {
          rs.next();
        }
        best = Math.min(best, (System.nanoTime() - began) / 1e6);
      }
      return best;
    }
  }
}
