package io.plantroom.hub.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plantroom.hub.TestDatabase;
import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import io.plantroom.hub.rollup.Rollups;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Runs with the Maven profile {@code timescaledb} only. */
@Tag("timescaledb")
class RaiseLevelIT {
  private static final List<String> TABLES =
      List.of("telemetry", "telemetry_state", "rollup_1m", "rollup_15m", "rollup_1h", "rollup_1d");

  @Test
  void dataOfPlainPostgresMovesIntoHypertablesAndNothingIsLost() throws Exception {
    DatabaseConfig config = TestDatabase.freshBeforeTimescale();
    Map<String, String> before;
    try (Database plain = Database.open(config)) {
      assertThat(plain.level()).isEqualTo(DatabaseLevel.POSTGRESQL);
      fill(plain, "2026-02-20", 40);
      new Rollups(plain).catchUp();
      before = sums(plain);
    }
    assertThatThrownBy(() -> new RaiseLevel(config, text -> {}).run())
        .hasMessageContaining("CREATE EXTENSION");
    TestDatabase.execute(config.url(), "CREATE EXTENSION timescaledb");
    try (Database still = Database.open(config)) {
      assertThat(still.level()).as("until it is moved").isEqualTo(DatabaseLevel.POSTGRESQL);
      assertThatThrownBy(() -> new RaiseLevel(config, text -> {}).run())
          .hasMessageContaining("a hub is running");
    }

    breakOff(config);
    long rows = new RaiseLevel(config, text -> {}).run();

    assertThat(rows).isPositive();
    assertThat(new RaiseLevel(config, text -> {}).run()).as("a second time").isZero();
    try (Database hyper = Database.open(config)) {
      assertThat(hyper.level()).isEqualTo(DatabaseLevel.APACHE);
      assertThat(sums(hyper)).isEqualTo(before);
      fill(hyper, "2026-05-01", 3);
      new Rollups(hyper).catchUp();
      assertThat(count(hyper, "SELECT count(*) FROM timescaledb_information.hypertables"))
          .isEqualTo(4);
      assertThat(count(hyper, "SELECT count(*) FROM rollup_1d WHERE point_id = 1 AND n > 0"))
          .isEqualTo(43);
    }
  }

  /** As if the machine had been switched off after some partitions. */
  private static void breakOff(DatabaseConfig config) {
    int[] left = {5};
    assertThatThrownBy(
            () ->
                new RaiseLevel(
                        config,
                        text -> {
                          if (left[0]-- == 0) {
                            throw new IllegalArgumentException("switched off");
                          }
                        })
                    .run())
        .hasMessage("switched off");
  }

  private static void fill(Database database, String from, int days) {
    database
        .jdbi()
        .useTransaction(
            h -> {
              h.execute(
                  """
                  INSERT INTO org_node VALUES ('c', 'company', null, 'x', 'x', null, 0),
                    ('s', 'site', 'c', 'x', 'x', 'UTC', 0) ON CONFLICT DO NOTHING""");
              h.execute(
                  """
                  INSERT INTO gateway (code, site_id, name_zh, name_en) VALUES ('gw', 's', 'x', 'x')
                  ON CONFLICT DO NOTHING""");
              h.execute(
                  """
                  INSERT INTO device (gateway_id, key, name_zh, name_en) VALUES (1, 'd', 'x', 'x')
                  ON CONFLICT DO NOTHING""");
              h.execute(
                  """
                  INSERT INTO point (device_id, name, kind) VALUES (1, 'n', 0), (1, 's', 2)
                  ON CONFLICT DO NOTHING""");
              h.createQuery(
                      "SELECT ensure_partition(CAST(:from AS date) + i)::text FROM generate_series(0, :days) i")
                  .bind("from", from)
                  .bind("days", days)
                  .mapTo(String.class)
                  .list();
              for (String sql :
                  List.of(
                      "INSERT INTO telemetry (ts, value, point_id, quality, cause, clock_trusted)"
                          + " SELECT t, extract(hour FROM t), 1, 0, 0, true",
                      "INSERT INTO telemetry_state (ts, state, point_id, quality, cause, clock_trusted)"
                          + " SELECT t, 1, 2, 0, 0, true",
                      "INSERT INTO rollup_mark (hour, site_id, states, low, high, points)"
                          + " SELECT t, 's', false, 0, 0, ARRAY[1]")) {
                h.createUpdate(
                        sql
                            + " FROM generate_series(CAST(:from AS timestamptz), CAST(:from AS timestamptz)"
                            + " + make_interval(hours => :days * 24 - 1), interval '1 hour') t")
                    .bind("from", from)
                    .bind("days", days)
                    .execute();
              }
            });
  }

  private static Map<String, String> sums(Database database) {
    Map<String, String> sums = new TreeMap<>();
    for (String table : TABLES) {
      sums.put(
          table,
          database
              .jdbi()
              .withHandle(
                  h ->
                      h.createQuery(
                              "SELECT count(*) || ' ' || md5(string_agg(t::text, ',' ORDER BY t::text)) FROM "
                                  + table
                                  + " t")
                          .mapTo(String.class)
                          .one()));
    }
    return sums;
  }

  private static long count(Database database, String sql) {
    return database.jdbi().withHandle(h -> h.createQuery(sql).mapTo(Long.class).one());
  }
}
