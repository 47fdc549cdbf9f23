package io.plantroom.hub;

import io.plantroom.hub.config.HubConfig.DatabaseConfig;

class PlainPostgresIngestTest extends IngestContract {
  @Override
  DatabaseConfig database() {
    return TestDatabase.fresh();
  }
}
