package io.plantroom.hub;

import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import org.junit.jupiter.api.Tag;

/** Runs with the Maven profile {@code timescaledb} only, and fails without Node.js. */
@Tag("timescaledb")
class CommunityIT extends IngestContract {
  @Override
  DatabaseConfig database() {
    return TestDatabase.freshCommunity();
  }
}
