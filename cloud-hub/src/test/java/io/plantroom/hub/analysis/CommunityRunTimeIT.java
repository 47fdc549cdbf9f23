package io.plantroom.hub.analysis;

import io.plantroom.hub.TestDatabase;
import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import org.junit.jupiter.api.Tag;

/** Runs with the Maven profile {@code timescaledb} only. */
@Tag("timescaledb")
class CommunityRunTimeIT extends RunTimeContract {
  @Override
  DatabaseConfig fresh() {
    return TestDatabase.freshCommunity();
  }
}
