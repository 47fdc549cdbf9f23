package io.plantroom.hub.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import io.plantroom.hub.TestDatabase;
import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import io.plantroom.hub.database.Database;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Runs with the Maven profile {@code timescaledb} only. */
@Tag("timescaledb")
class CommunityRollupIT extends RollupContract {
  @Override
  protected DatabaseConfig fresh() {
    return TestDatabase.freshCommunity();
  }

  /** Compresses what there is, as the policies do later: what comes then is late. */
  @Override
  protected void tidy(Database database) {
    database
        .jdbi()
        .useHandle(
            h -> {
              for (String table : List.of("telemetry", "telemetry_state", "rollup_1m")) {
                h.createQuery(
                        "SELECT compress_chunk(c, true)::text FROM show_chunks('" + table + "') c")
                    .mapTo(String.class)
                    .list();
              }
            });
    long compressed =
        database
            .jdbi()
            .withHandle(
                h ->
                    h.createQuery(
                            """
                            SELECT count(*) FROM timescaledb_information.chunks WHERE is_compressed""")
                        .mapTo(Long.class)
                        .one());
    assertThat(compressed).isPositive();
  }
}
