package io.plantroom.bench.query;

import io.plantroom.bench.Benchmark;
import io.plantroom.bench.Outcome;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Locale;

/** What a hundred meters have counted in a month, from a sample a minute of each. */
public final class ConsumptionBenchmark implements Benchmark {
  private static final int METERS = 100;
  private static final int DAYS = 31;

  /** The samples of a day, in statements of the size of a frame. */
  private static final String FRAMES =
      """
      DO $$
      DECLARE t timestamptz := date_trunc('day', now()) + interval '%d days';
      BEGIN
        FOR i IN 0..143 LOOP
          INSERT INTO register_sample (ts, value, point_id, quality, cause, clock_trusted)
          SELECT m, round(1000 + extract(epoch FROM m - timestamptz '2020-01-01') / 3600 * 1.7, 2)::numeric,
                 p.id, 0, 0, true
            FROM point p, generate_series(t, t + interval '9 minutes', interval '1 minute') m;
          t := t + interval '10 minutes';
        END LOOP;
      END $$""";

  /** The same question without the notes of where registers fell: every sample is looked at. */
  private static final String ALL =
      """
      SELECT count(*) FROM (
        SELECT point_id, date_trunc('day', ts, 'Asia/Shanghai'), sum(used) FROM (
          SELECT point_id, ts, value - lag(value) OVER (PARTITION BY point_id ORDER BY ts) AS used
            FROM register_sample WHERE quality = 0 AND value IS NOT NULL) steps
         WHERE used >= 0 GROUP BY 1, 2) days""";

  @Override
  public String about() {
    return "a month by day of 100 electricity meters with a sample a minute, against a second";
  }

  @Override
  public Outcome run() throws Exception {
    try (HubUnderTest hub = new HubUnderTest()) {
      try (Connection connection = hub.connect();
          Statement s = connection.createStatement()) {
        fill(s);
        notes(s);
      }
      LocalDate to = LocalDate.now(ZoneId.of("Asia/Shanghai")).minusDays(1);
      String path = "/sites/bench/consumption?from=" + to.minusDays(DAYS - 1L) + "&to=" + to;
      double days = hub.median(7, path + "&by=register");
      String byHour = path + "&by=register&step=hour";
      // Until the compiler has done with what answers it; a hub that runs has.
      hub.median(6, byHour);
      double hours = hub.median(7, byHour);
      System.out.printf(
          Locale.ROOT,
          "%d days of %d meters: %.0f ms by day, %.0f ms by hour; from every sample by day %.0f ms%n",
          DAYS,
          METERS,
          days,
          hours,
          every(hub));
      return new Outcome(days, "ms", "limit", 1000);
    }
  }

  private static void fill(Statement s) throws SQLException {
    s.execute(
        """
        INSERT INTO device (gateway_id, key, name_zh, name_en)
        SELECT g.id, 'meter-' || i, '电表', 'Meter' FROM gateway g, generate_series(1, %d) i"""
            .formatted(METERS));
    s.execute(
        "INSERT INTO point (device_id, name, kind) SELECT id, 'energy-import', 1 FROM device");
    s.execute(
        """
        INSERT INTO meter_register (device_id, point_name, medium, obis, unit, digits, decimals)
        SELECT id, 'energy-import', 'electricity', '1-0:1.8.0', 'kWh', 6, 2 FROM device""");
    for (int day = -DAYS - 2; day < -1; day++) {
      s.execute(FRAMES.formatted(day));
    }
    s.execute("VACUUM ANALYZE");
  }

  /** What it costs to note where registers fall. */
  private static void notes(Statement s) throws SQLException {
    s.execute("ALTER TABLE register_sample DISABLE TRIGGER register_sample_breaks");
    double without = millis(s, FRAMES.formatted(-1));
    s.execute("ALTER TABLE register_sample ENABLE TRIGGER register_sample_breaks");
    double with = millis(s, FRAMES.formatted(0));
    System.out.printf(
        Locale.ROOT,
        "144,000 register samples in statements of 1,000: %.0f ms, without notes of falls %.0f ms%n",
        with,
        without);
  }

  private static double every(HubUnderTest hub) throws SQLException {
    try (Connection connection = hub.connect();
        Statement s = connection.createStatement()) {
      return Math.min(millis(s, ALL), millis(s, ALL));
    }
  }

  private static double millis(Statement s, String sql) throws SQLException {
    long began = System.nanoTime();
    if (s.execute(sql)) {
      try (ResultSet rs = s.getResultSet()) {
        rs.next();
      }
    }
    return (System.nanoTime() - began) / 1e6;
  }
}
