package io.plantroom.hub;

import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import org.junit.jupiter.api.Tag;

/** Runs with the Maven profile {@code timescaledb} only, and fails without a server. */
@Tag("timescaledb")
class TimescaleIT extends IngestContract {
  @Override
  DatabaseConfig database() {
    return TestDatabase.freshTimescale();
  }
}
