package io.plantroom.hub.analysis;

import io.plantroom.hub.TestDatabase;
import io.plantroom.hub.config.HubConfig.DatabaseConfig;

class PlainComparisonTest extends ComparisonContract {
  @Override
  DatabaseConfig fresh() {
    return TestDatabase.fresh();
  }
}
