package io.plantroom.bench.query;

import io.plantroom.bench.LevelBenchmark;
import io.plantroom.bench.Outcome;
import io.plantroom.bench.database.Compression;
import io.plantroom.hub.database.DatabaseLevel;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** What a person waits for at the console, through the hub's API, on a large table. */
public final class QueryBenchmark implements LevelBenchmark {
  /** What WebAssembly holds in memory is less than a disk does. */
  private static final int COMMUNITY_SHARE = 10;

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
  public Outcome run(DatabaseLevel level) throws Exception {
    boolean compressed = level == DatabaseLevel.COMMUNITY;
    long busy = compressed ? rows / COMMUNITY_SHARE : rows;
    Questions questions = new Questions(Instant.now().truncatedTo(ChronoUnit.DAYS));
    try (HubUnderTest hub = new HubUnderTest(level, List.of())) {
      fill(hub, questions, new History((double) busy / Questions.DAYS));
      hub.restart();
      if (compressed) {
        ask(hub, questions, busy);
        Compression.compressAll(hub.server());
        System.out.println("compressed:");
      }
      return ask(hub, questions, busy);
    }
  }

  private static Outcome ask(HubUnderTest hub, Questions questions, long busy) throws Exception {
    say("latest of 10,000 points", questions.latest(hub), 50);
    String samples = busy / History.BUSY / Questions.DAYS + " samples";
    say("one day of a point from its " + samples, questions.day(hub), 100);
    Timing month = questions.month(hub);
    say("30 days of 100 points by the hour from rollups", month, 200);
    double raw = raw(hub, questions);
    System.out.printf(Locale.ROOT, "the same from %,d samples, in SQL: %.0f ms%n", busy, raw);
    return new Outcome(month.millis(), "ms", "samples", raw);
  }

  private static void say(String what, Timing timing, int limit) {
    System.out.printf(Locale.ROOT, "%s: %s, limit %d ms%n", what, timing, limit);
  }

  private static void fill(HubUnderTest hub, Questions questions, History history)
      throws SQLException {
    try (Connection connection = hub.connect();
        Statement s = connection.createStatement()) {
      History.points(s, questions.from());
      history.days(s, questions.from(), Questions.DAYS);
      s.execute("VACUUM ANALYZE");
      try (ResultSet rs = s.executeQuery("SELECT count(*) FROM telemetry")) {
        rs.next();
        System.out.printf(Locale.ROOT, "%,d samples%n", rs.getLong(1));
      }
    }
  }

  private static double raw(HubUnderTest hub, Questions questions) throws SQLException {
    try (Connection connection = hub.connect();
        Statement s = connection.createStatement()) {
      s.execute("SET work_mem = '64MB'");
      double best = Double.MAX_VALUE;
      for (int round = 0; round < 2; round++) {
        long began = System.nanoTime();
        try (ResultSet rs =
            s.executeQuery(RAW.formatted(History.BUSY, questions.from(), questions.to()))) {
          rs.next();
        }
        best = Math.min(best, (System.nanoTime() - began) / 1e6);
      }
      return best;
    }
  }
}
