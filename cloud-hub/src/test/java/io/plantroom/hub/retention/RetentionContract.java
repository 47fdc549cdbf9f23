package io.plantroom.hub.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import io.plantroom.hub.config.RetentionConfig;
import io.plantroom.hub.config.RetentionConfig.Kept;
import io.plantroom.hub.config.RetentionConfig.SiteRetention;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.rollup.Rollups;
import io.plantroom.hub.telemetry.PointRef;
import io.plantroom.hub.telemetry.PointRegistry;
import io.plantroom.hub.telemetry.SampleStore;
import io.plantroom.hub.telemetry.StoredSample;
import io.plantroom.profile.PointKind;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What retention promises, on every kind of database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class RetentionContract {
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  private static final int[] AGES = {1, 50, 120, 450, 500};
  private static final String[] POINTS = {
    "a measurement", "a diagnostic", "a state", "a register", "b measurement", "b state"
  };
  private Database database;
  private SampleStore store;
  private long sequence;

  /** A new, empty database. */
  protected abstract DatabaseConfig fresh();

  final Database database() {
    return database;
  }

  @BeforeAll
  void open() {
    database = Database.open(fresh());
    store = new SampleStore(database, InstantSource.fixed(NOW));
    database.jdbi().useTransaction(h -> POINTS_AND_SITES.forEach(h::execute));
  }

  @AfterAll
  void close() {
    database.close();
  }

  /** One sample of each point at each age; points are numbered in their order from 1. */
  @BeforeEach
  void fill() throws Exception {
    database
        .jdbi()
        .useTransaction(
            h ->
                Stream.of(
                        "telemetry",
                        "telemetry_state",
                        "register_sample",
                        "rollup_1m",
                        "rollup_15m",
                        "rollup_1h",
                        "rollup_1d",
                        "rollup_state_1h",
                        "rollup_state_1d",
                        "rollup_mark",
                        "retention_horizon")
                    .forEach(t -> h.execute("DELETE FROM " + t)));
    for (int age : AGES) {
      for (int i = 0; i < POINTS.length; i++) {
        add(i + 1, NOW.minus(Duration.ofDays(age)), 1);
      }
    }
  }

  @Test
  void whatIsTooOldGoesByClassAndSiteAndRegistersStay() {
    new Rollups(database).catchUp();

    RetentionConfig usual = RetentionConfig.usual();
    SiteRetention shorter = new SiteRetention(samples(40), null, null);
    retention(
            new RetentionConfig(
                usual.measurement(), usual.state(), usual.diagnostic(), Map.of("b", shorter)))
        .run();

    assertThat(ages("telemetry", 1)).containsExactly(1, 50, 120);
    assertThat(ages("telemetry", 2)).containsExactly(1, 50);
    assertThat(ages("telemetry_state", 3)).containsExactly(1, 50, 120, 450, 500);
    assertThat(ages("register_sample", 4)).containsExactly(1, 50, 120, 450, 500);
    assertThat(ages("telemetry", 5)).containsExactly(1);
    assertThat(ages("telemetry_state", 6)).containsExactly(1, 50, 120, 450, 500);
    assertThat(ages("rollup_1h", 1)).containsExactly(1, 50, 120, 450, 500);
    assertThat(ages("rollup_15m", 2)).containsExactly(1, 50, 120);
    assertThat(count("SELECT count(*) FROM audit WHERE action = 'retention'")).isPositive();
    assertThat(
            count(
                """
                SELECT count(*) FROM retention_horizon
                 WHERE site_id = 'b' AND class = 'measurement' AND data = 'telemetry'
                   AND kept_from = '2026-04-22T00:00:00Z'"""))
        .isEqualTo(1);
  }

  @Test
  void piecesThatAreTooOldAsAWholeAreDropped() {
    new Rollups(database).catchUp();
    int before = pieces();

    retention(RetentionConfig.usual()).run();

    assertThat(before - pieces()).as("days of telemetry that are gone").isGreaterThanOrEqualTo(2);
  }

  @Test
  void nothingGoesThatTheRollupsDoNotCoverYet() {
    retention(RetentionConfig.usual()).run();
    assertThat(ages("telemetry", 1)).containsExactly(1, 50, 120, 450, 500);

    new Rollups(database).catchUp();
    retention(RetentionConfig.usual()).run();

    assertThat(ages("telemetry", 1)).containsExactly(1, 50, 120);
    assertThat(ages("rollup_1d", 1)).hasSize(5);
  }

  @Test
  void whatComesAfterItsDayWasDeletedFillsHolesAndChangesNothingThatStands() throws Exception {
    new Rollups(database).catchUp();
    retention(RetentionConfig.usual()).run();

    add(1, NOW.minus(Duration.ofDays(450)).plusSeconds(20), 99);
    add(1, NOW.minus(Duration.ofDays(460)), 77);
    new Rollups(database).catchUp();

    assertThat(sums("rollup_1m", 450)).containsExactly(99.0);
    assertThat(sums("rollup_1h", 450)).as("made when all samples stood").containsExactly(1.0);
    assertThat(sums("rollup_1d", 460)).containsExactly(77.0);
  }

  private Retention retention(RetentionConfig config) {
    return new Retention(database, config, InstantSource.fixed(NOW));
  }

  private static Kept samples(int days) {
    return new Kept(days, null, null, null, null);
  }

  private static final List<String> POINTS_AND_SITES = new ArrayList<>();

  static {
    POINTS_AND_SITES.add("INSERT INTO org_node VALUES ('c', 'company', null, 'x', 'x', null, 0)");
    for (String site : List.of("a", "b")) {
      POINTS_AND_SITES.add(
          "INSERT INTO org_node VALUES ('%s', 'site', 'c', 'x', 'x', 'Asia/Shanghai', 0)"
              .formatted(site));
      POINTS_AND_SITES.add(
          "INSERT INTO gateway (code, site_id, name_zh, name_en) VALUES ('%1$s', '%1$s', 'x', 'x')"
              .formatted(site));
      POINTS_AND_SITES.add(
          "INSERT INTO device (gateway_id, key, name_zh, name_en) SELECT id, 'd', 'x', 'x' FROM gateway WHERE code = '%s'"
              .formatted(site));
    }
    for (String point : POINTS) {
      POINTS_AND_SITES.add(
          """
          INSERT INTO point (device_id, name, kind, class)
          SELECT d.id, '%2$s', %3$d, '%2$s' FROM device d JOIN gateway g ON g.id = d.gateway_id
           WHERE g.code = '%1$s'"""
              .formatted(
                  point.substring(0, 1),
                  point.substring(2),
                  PointRegistry.code(kind(point.substring(2)))));
    }
  }

  private static PointKind kind(String pointClass) {
    return switch (pointClass) {
      case "state" -> PointKind.STATE;
      case "register" -> PointKind.COUNTER;
      default -> PointKind.ANALOG;
    };
  }

  final void add(int point, Instant at, int value) throws Exception {
    String site = POINTS[point - 1].substring(0, 1);
    String name = POINTS[point - 1].substring(2);
    PointKind kind = kind(name);
    Value v =
        switch (kind) {
          case STATE -> new Value.State(value);
          case COUNTER -> new Value.Counter(new BigDecimal(value));
          default -> new Value.Analog(value);
        };
    StoredSample sample =
        new StoredSample(
            new PointRef(point, 1, name, kind), site, Sample.good("d", name, at, v), 1, ++sequence);
    store.forgetPartitions();
    store.prepare(List.of(List.of(sample.sample())));
    database.jdbi().useTransaction(h -> store.append(h, List.of(sample)));
  }

  /** Ages in days of what stands of a point, the youngest first. */
  final List<Integer> ages(String table, int point) {
    String time = table.startsWith("rollup") ? "bucket" : "ts";
    return database
        .jdbi()
        .withHandle(
            h ->
                h.createQuery(
                        "SELECT DISTINCT round(extract(epoch FROM CAST(:now AS timestamptz) - "
                            + time
                            + ") / 86400)::int AS age FROM "
                            + table
                            + " WHERE point_id = :point ORDER BY 1")
                    .bind("now", NOW.toString())
                    .bind("point", point)
                    .mapTo(Integer.class)
                    .list());
  }

  /** Sums of the first point in the buckets of an age in days. */
  private List<@Nullable Double> sums(String table, int age) {
    return database
        .jdbi()
        .withHandle(
            h ->
                h.createQuery(
                        "SELECT sum FROM "
                            + table
                            + " WHERE point_id = 1 AND n > 0 AND bucket > CAST(:at AS timestamptz) - interval '1 day'"
                            + " AND bucket <= CAST(:at AS timestamptz) + interval '1 minute' ORDER BY bucket")
                    .bind("at", NOW.minus(Duration.ofDays(age)).toString())
                    .map((rs, ctx) -> rs.getObject(1, Double.class))
                    .list());
  }

  private int pieces() {
    return database.jdbi().withHandle(h -> Pieces.of(h, DataSet.SAMPLES)).size();
  }

  final long count(String sql) {
    return database.jdbi().withHandle(h -> h.createQuery(sql).mapTo(Long.class).one());
  }
}
