package io.plantroom.hub.retention;

import io.plantroom.hub.TestDatabase;
import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import org.junit.jupiter.api.Tag;

/** Runs with the Maven profile {@code timescaledb} only. */
@Tag("timescaledb")
class ApacheRetentionIT extends RetentionContract {
  @Override
  protected DatabaseConfig fresh() {
    return TestDatabase.freshTimescale();
  }
}
