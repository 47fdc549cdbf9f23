package io.plantroom.hub.rollup;

import io.plantroom.hub.TestDatabase;
import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import org.junit.jupiter.api.Tag;

/** Runs with the Maven profile {@code timescaledb} only. */
@Tag("timescaledb")
class ApacheRollupIT extends RollupContract {
  @Override
  protected DatabaseConfig fresh() {
    return TestDatabase.freshTimescale();
  }
}
