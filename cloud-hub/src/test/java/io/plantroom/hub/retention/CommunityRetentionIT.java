package io.plantroom.hub.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.plantroom.hub.TestDatabase;
import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import io.plantroom.hub.rollup.Rollups;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Runs with the Maven profile {@code timescaledb} only. */
@Tag("timescaledb")
class CommunityRetentionIT extends RetentionContract {
  @Override
  protected DatabaseConfig fresh() {
    return TestDatabase.freshCommunity();
  }

  @Test
  void itsPoliciesCompressOldDaysAndLateRowsGoIntoThem() throws Exception {
    new Rollups(database()).catchUp();

    database()
        .jdbi()
        .useHandle(
            h -> {
              for (int job :
                  h.createQuery(
                          """
                          SELECT job_id FROM timescaledb_information.jobs
                           WHERE hypertable_name IN ('telemetry', 'telemetry_state', 'rollup_1m', 'rollup_15m')""")
                      .mapTo(Integer.class)
                      .list()) {
                h.execute("CALL run_job(" + job + ")");
              }
            });
    add(1, Instant.parse("2026-04-12T11:00:00Z"), 5);
    new Rollups(database()).catchUp();

    for (String table : List.of("telemetry", "telemetry_state", "rollup_1m", "rollup_15m")) {
      assertThat(
              count(
                  "SELECT count(*) FROM timescaledb_information.chunks WHERE is_compressed"
                      + " AND hypertable_name = '"
                      + table
                      + "'"))
          .as("compressed chunks of %s", table)
          .isPositive();
    }
    assertThat(
            count("SELECT n FROM rollup_1d WHERE point_id = 1 AND bucket = '2026-04-11T16:00:00Z'"))
        .as("a late sample beside the one of its day")
        .isEqualTo(2);
  }
}
