package io.plantroom.hub.retention;

import io.plantroom.hub.TestDatabase;
import io.plantroom.hub.config.HubConfig.DatabaseConfig;

class PlainRetentionTest extends RetentionContract {
  @Override
  protected DatabaseConfig fresh() {
    return TestDatabase.fresh();
  }
}
