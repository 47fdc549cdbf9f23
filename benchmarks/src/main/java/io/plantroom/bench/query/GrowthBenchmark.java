package io.plantroom.bench.query;

import io.plantroom.bench.LevelBenchmark;
import io.plantroom.bench.Outcome;
import io.plantroom.bench.ingest.HubIngest;
import io.plantroom.bench.ingest.Load;
import io.plantroom.bench.ingest.Rate;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.database.DatabaseLevel;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What the same questions and the same ingest cost while the years go by and nothing is deleted.
 */
public final class GrowthBenchmark implements LevelBenchmark {
  private static final long MONTH = 10_000_000;
  private static final int GATEWAYS = 20;
  private static final int FRAMES = 20;
  private static final int ROUNDS = 3;

  /** Also at the community level, which is in memory: a tenth of everything. */
  private static final int COMMUNITY_SHARE = 10;

  private static final String PIECES =
      """
      SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'telemetry'::regclass""";
  private static final String BYTES =
      """
      SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits
       WHERE inhparent = 'telemetry'::regclass""";

  private final int[] months;

  /** Begins with one month of ten million samples and measures after each of these. */
  public GrowthBenchmark(int... months) {
    this.months = months.clone();
  }

  /** One line of the table. */
  private record Step(Timing latest, Timing day, Timing month, Rate ingest) {}

  @Override
  public String about() {
    return "30 days hourly of 100 points, latest, a day and ingest with %d months of 10 million samples, against one"
        .formatted(months[months.length - 1]);
  }

  @Override
  public Outcome run(DatabaseLevel level) throws Exception {
    long share = level == DatabaseLevel.COMMUNITY ? COMMUNITY_SHARE : 1;
    History history = new History((double) MONTH / share / Questions.DAYS);
    Questions questions = new Questions(Instant.now().truncatedTo(ChronoUnit.DAYS));
    List<String> gateways = IntStream.range(0, GATEWAYS).mapToObj(Load::gateway).toList();
    try (HubUnderTest hub = new HubUnderTest(level, gateways);
        Database database = Database.open(hub.server().config(4))) {
      Set<String> vacuumed = new HashSet<>();
      List<Step> steps = new ArrayList<>();
      int done = 0;
      for (int until : months) {
        fill(hub, history, questions, done, until, vacuumed);
        if (done == 0) {
          hub.restart();
        }
        done = until;
        steps.add(measure(hub, database, questions, steps.size()));
      }
      return compare(steps.get(0), steps.get(steps.size() - 1));
    }
  }

  /** Older months, so that the questions stay the same. */
  private static void fill(
      HubUnderTest hub,
      History history,
      Questions questions,
      int done,
      int months,
      Set<String> vacuumed)
      throws SQLException {
    long began = System.nanoTime();
    try (Connection connection = hub.connect();
        Statement s = connection.createStatement()) {
      if (done == 0) {
        // Known since ever, or the ledger of later months would move the first times.
        History.points(s, questions.to().minus(10_000, ChronoUnit.DAYS));
      }
      Instant from = questions.to().minus((long) months * Questions.DAYS, ChronoUnit.DAYS);
      history.days(s, from, (months - done) * Questions.DAYS);
      List<String> pieces = new ArrayList<>(List.of("rollup_1h"));
      try (ResultSet rs = s.executeQuery(PIECES)) {
        while (rs.next()) {
          if (vacuumed.add(rs.getString(1))) {
            pieces.add(rs.getString(1));
          }
        }
      }
      for (String piece : pieces) {
        s.execute("VACUUM ANALYZE " + piece);
      }
      s.execute("CHECKPOINT");
      try (ResultSet rs = s.executeQuery(BYTES)) {
        rs.next();
        System.out.printf(
            Locale.ROOT,
            "%,d million samples in %d days, %.1f GB, filled in %.0f s%n",
            Math.round(history.perDay() * months * Questions.DAYS / 1e6),
            months * Questions.DAYS,
            rs.getLong(1) / 1e9,
            (System.nanoTime() - began) / 1e9);
      }
    }
  }

  private static Step measure(HubUnderTest hub, Database database, Questions questions, int number)
      throws Exception {
    Timing latest = questions.latest(hub);
    Timing day = questions.day(hub);
    Timing month = questions.month(hub);
    Rate best = ingest(hub, database, questions, number * ROUNDS);
    for (int round = 1; round < ROUNDS; round++) {
      Rate rate = ingest(hub, database, questions, number * ROUNDS + round);
      best = rate.rows() > best.rows() ? rate : best;
    }
    System.out.printf(
        Locale.ROOT,
        "  latest of 10,000 points %s%n  one day of a point %s%n  30 days of 100 points by the hour"
            + " %s%n  ingest %,.0f samples/s, CPU of a million: hub %.2f s, database %.2f s%n",
        latest,
        day,
        month,
        best.rows(),
        best.cpu() - best.serverCpu(),
        best.serverCpu());
    return new Step(latest, day, month, best);
  }

  /** Into a day that is there, behind what the round before has brought. */
  private static Rate ingest(HubUnderTest hub, Database database, Questions questions, int round)
      throws Exception {
    Instant at =
        questions.to().minus(2, ChronoUnit.DAYS).plus(round * 5L, ChronoUnit.MINUTES).plusMillis(1);
    return HubIngest.take(database, hub.server(), new Load(GATEWAYS, FRAMES, at, round + 1L));
  }

  /** By CPU time, which neither other load nor a young JVM changes. */
  private static Outcome compare(Step first, Step last) {
    double month = last.month().serverMillis();
    double before = first.month().serverMillis();
    System.out.printf(
        Locale.ROOT,
        "CPU of the database, end ÷ beginning: latest %.2f, day %.2f, month %.2f, ingest %.2f%n",
        last.latest().serverMillis() / first.latest().serverMillis(),
        last.day().serverMillis() / first.day().serverMillis(),
        month / before,
        last.ingest().serverCpu() / first.ingest().serverCpu());
    return new Outcome(month, "CPU-ms", "one-month", before);
  }
}
