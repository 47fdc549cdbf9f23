package io.plantroom.hub.rollup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.telemetry.PointRef;
import io.plantroom.hub.telemetry.SampleStore;
import io.plantroom.hub.telemetry.StoredSample;
import io.plantroom.profile.PointKind;
import io.plantroom.telemetry.Cause;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What rollups promise, on every kind of database: they are what the samples say. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class RollupContract {
  private Database database;
  private SampleStore store;

  /** A new, empty database. */
  protected abstract DatabaseConfig fresh();

  /** What such a database does to its data from time to time. */
  protected void tidy(Database database) {}

  @BeforeAll
  void open() {
    database = Database.open(fresh());
    store = new SampleStore(database, InstantSource.system());
  }

  @AfterAll
  void close() {
    database.close();
  }

  /** Days with a change of the clock, zones off the full hour, the turn of a month and a year. */
  @ParameterizedTest
  @CsvSource({
    "1, Asia/Shanghai, 2025-12-31T15:00:00Z",
    "2, Europe/Berlin, 2026-03-28T20:00:00Z",
    "3, America/New_York, 2025-11-01T20:00:00Z",
    "4, Asia/Kolkata, 2026-02-27T12:00:00Z"
  })
  void rollupsAreWhatAPlainRecomputationSaysHoweverTheDataComes(
      long seed, ZoneId zone, Instant from) throws Exception {
    Random random = new Random(seed);
    String site = "site-" + seed;
    List<Known> points = points(site, zone);
    List<StoredSample> all = new ArrayList<>();
    for (Known p : points) {
      all.addAll(samples(p, site, from, random));
    }
    shuffle(all, random);
    Map<Integer, List<Sample>> accepted = new TreeMap<>();
    int at = 0;
    while (at < all.size()) {
      int until = Math.min(all.size(), at + 1 + random.nextInt(400));
      List<StoredSample> batch = all.subList(at, until);
      store.prepare(List.of(batch.stream().map(StoredSample::sample).toList()));
      database
          .jdbi()
          .inTransaction(h -> store.append(h, batch))
          .forEach(
              s ->
                  accepted.computeIfAbsent(s.point().id(), p -> new ArrayList<>()).add(s.sample()));
      at = until;
      if (random.nextInt(6) == 0) {
        tidy(database);
      }
      if (random.nextInt(4) == 0) {
        twoHubsThatStopAnywhere(random.nextLong());
      }
    }
    new Rollups(database).catchUp();

    assertThat(count("SELECT count(*) FROM rollup_mark")).isZero();
    for (Known p : points) {
      List<Sample> sorted =
          accepted.getOrDefault(p.ref().id(), List.of()).stream()
              .sorted(Comparator.comparing(Sample::at))
              .toList();
      if (p.ref().kind() == PointKind.STATE) {
        for (String level : List.of("1h", "1d")) {
          assertThat(states(p, level))
              .as("%s of %s", level, p)
              .isEqualTo(Recomputation.states(sorted, p.hold(), level, zone));
        }
      } else {
        for (String level : List.of("1m", "15m", "1h", "1d")) {
          same(p, level, Recomputation.numbers(sorted, p.hold(), level, zone));
        }
      }
    }
  }

  private void same(Known point, String level, Map<Instant, Recomputation.Row> expected) {
    Map<Instant, Recomputation.Row> found = numbers(point, level);
    assertThat(exactly(found)).as("%s of %s", level, point).isEqualTo(exactly(expected));
    expected.forEach(
        (at, row) -> {
          Recomputation.Row other = found.get(at);
          assertThat(other == null ? Double.NaN : other.area)
              .as("average of %s at %s of %s", level, at, point)
              .isCloseTo(row.covered == 0 ? 0 : row.area / row.covered, within(1e-6));
        });
  }

  private static Map<Instant, String> exactly(Map<Instant, Recomputation.Row> rows) {
    Map<Instant, String> texts = new TreeMap<>();
    rows.forEach((at, row) -> texts.put(at, row.exactly()));
    return texts;
  }

  /** Works on what is marked, as two hubs do at once, each breaking off after some statements. */
  private void twoHubsThatStopAnywhere(long seed) throws Exception {
    ExecutorService hubs = Executors.newFixedThreadPool(2);
    try {
      List<Future<?>> both = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        Random random = new Random(seed + i);
        int[] left = {random.nextInt(40)};
        both.add(
            hubs.submit(
                () -> {
                  try {
                    new Rollups(
                            database,
                            () -> {
                              if (left[0]-- == 0) {
                                throw new Stopped();
                              }
                            })
                        .catchUp();
                  } catch (Stopped e) {
                    // as meant
                  }
                }));
      }
      for (Future<?> hub : both) {
        hub.get();
      }
    } finally {
      hubs.shutdown();
    }
  }

  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private record Known(PointRef ref, @Nullable Integer silence, Duration every) {
    Duration hold() {
      return Duration.ofSeconds((silence == null ? 300 : silence) * 5L / 4);
    }
  }

  private List<Known> points(String site, ZoneId zone) {
    return database
        .jdbi()
        .inTransaction(
            h -> {
              h.execute(
                  "INSERT INTO org_node VALUES (?, 'company', null, 'x', 'x', null, 0)",
                  "company-" + site);
              h.execute(
                  "INSERT INTO org_node VALUES (?, 'site', ?, 'x', 'x', ?, 0)",
                  site,
                  "company-" + site,
                  zone.getId());
              h.execute(
                  "INSERT INTO gateway (code, site_id, name_zh, name_en) VALUES (?, ?, 'x', 'x')",
                  "gw-" + site,
                  site);
              int device =
                  h.createQuery(
                          """
                          INSERT INTO device (gateway_id, key, name_zh, name_en)
                          SELECT id, 'd', 'x', 'x' FROM gateway WHERE site_id = :site RETURNING id""")
                      .bind("site", site)
                      .mapTo(Integer.class)
                      .one();
              List<Known> points = new ArrayList<>();
              Integer[] silences = {20, null, 1000, 7000, 300, 100_000};
              int[] everySeconds = {5, 200, 900, 4000, 40, 9000};
              for (int i = 0; i < 12; i++) {
                PointKind kind = i % 4 == 3 ? PointKind.STATE : PointKind.ANALOG;
                int id =
                    h.createQuery(
                            """
                            INSERT INTO point (device_id, name, kind, silence_seconds)
                            VALUES (:device, :name, :kind, :silence) RETURNING id""")
                        .bind("device", device)
                        .bind("name", "p" + i)
                        .bind("kind", kind == PointKind.STATE ? 2 : 0)
                        .bind("silence", silences[i * 5 / 4 % 6])
                        .mapTo(Integer.class)
                        .one();
                points.add(
                    new Known(
                        new PointRef(id, device, "p" + i, kind),
                        capped(silences[i * 5 / 4 % 6]),
                        Duration.ofSeconds(everySeconds[i % 6])));
              }
              return points;
            });
  }

  /** Nothing stands for longer than a day. */
  private static @Nullable Integer capped(@Nullable Integer silence) {
    return silence == null ? null : (Integer) Math.min(silence, 86400 * 4 / 5);
  }

  private static List<StoredSample> samples(Known p, String site, Instant from, Random random) {
    List<StoredSample> samples = new ArrayList<>();
    Instant at = from.plusMillis(random.nextInt(100_000));
    Instant end = from.plus(Duration.ofHours(40));
    while (samples.size() < 250 && at.isBefore(end)) {
      samples.add(new StoredSample(p.ref(), site, sample(p, at, random), 1, samples.size()));
      int kind = random.nextInt(50);
      long step =
          kind == 0
              ? Duration.ofHours(7).toMillis()
              : 1 + random.nextInt((int) p.every().toMillis() * 2);
      if (kind > 1) {
        at = at.plusMillis(step); // else a second sample of the same millisecond
      }
      if (kind == 2) {
        // On the edge of a minute, an hour, a day.
        at = Instant.ofEpochSecond(at.getEpochSecond() / 3600 * 3600 + 3600);
      }
      if (kind == 3) {
        samples.add(
            new StoredSample(
                p.ref(), site, sample(p, Instant.EPOCH.plusMillis(step), random), 1, 0));
      }
    }
    return samples;
  }

  private static Sample sample(Known p, Instant at, Random random) {
    int kind = random.nextInt(12);
    if (kind == 0) {
      return Sample.bad("d", p.ref().name(), at, Cause.TIMEOUT);
    }
    Value value =
        p.ref().kind() == PointKind.STATE
            ? new Value.State(random.nextInt(3))
            : new Value.Analog((random.nextInt(2000) - 1000) / 8.0);
    return Sample.good("d", p.ref().name(), at, value).withClockTrusted(kind > 1);
  }

  /** Mostly in order as from gateways, some of it days late, in runs. */
  private static void shuffle(List<StoredSample> all, Random random) {
    all.sort(Comparator.comparing(s -> s.sample().at()));
    List<List<StoredSample>> runs = new ArrayList<>();
    for (int i = 0; i < all.size(); ) {
      int end = Math.min(all.size(), i + 1 + random.nextInt(150));
      runs.add(new ArrayList<>(all.subList(i, end)));
      i = end;
    }
    for (int i = 0; i < runs.size(); i++) {
      if (random.nextInt(4) == 0) {
        Collections.swap(runs, i, random.nextInt(runs.size()));
      }
      if (random.nextInt(5) == 0) {
        Collections.shuffle(runs.get(i), random);
      }
    }
    all.clear();
    runs.forEach(all::addAll);
  }

  private Map<Instant, Recomputation.Row> numbers(Known point, String level) {
    Map<Instant, Recomputation.Row> rows = new TreeMap<>();
    database
        .jdbi()
        .useHandle(
            h ->
                h.createQuery("SELECT * FROM rollup_" + level + " WHERE point_id = :point")
                    .bind("point", point.ref().id())
                    .map((rs, ctx) -> rows.put(rs.getTimestamp("bucket").toInstant(), row(rs)))
                    .list());
    return rows;
  }

  private static Recomputation.Row row(ResultSet rs) throws SQLException {
    Recomputation.Row row = new Recomputation.Row();
    row.n = rs.getInt("n");
    row.bad = rs.getInt("bad");
    row.sum = rs.getDouble("sum");
    row.min = rs.getObject("min", Double.class);
    row.max = rs.getObject("max", Double.class);
    row.first = rs.getObject("first", Double.class);
    row.last = rs.getObject("last", Double.class);
    row.firstTs =
        rs.getTimestamp("first_ts") == null ? null : rs.getTimestamp("first_ts").toInstant();
    row.lastTs = rs.getTimestamp("last_ts") == null ? null : rs.getTimestamp("last_ts").toInstant();
    row.area = rs.getDouble("twa");
    row.covered = rs.getLong("covered_ms");
    return row;
  }

  private Map<Instant, Map<Integer, Long>> states(Known point, String level) {
    Map<Instant, Map<Integer, Long>> rows = new TreeMap<>();
    database
        .jdbi()
        .useHandle(
            h ->
                h.createQuery("SELECT * FROM rollup_state_" + level + " WHERE point_id = :point")
                    .bind("point", point.ref().id())
                    .map(
                        (rs, ctx) ->
                            rows.computeIfAbsent(
                                    rs.getTimestamp("bucket").toInstant(), t -> new TreeMap<>())
                                .put(rs.getInt("state"), rs.getLong("ms")))
                    .list());
    return rows;
  }

  private long count(String sql) {
    return database.jdbi().withHandle(h -> h.createQuery(sql).mapTo(Long.class).one());
  }
}
