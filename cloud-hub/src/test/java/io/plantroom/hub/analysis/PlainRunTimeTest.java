package io.plantroom.hub.analysis;

import io.plantroom.hub.TestDatabase;
import io.plantroom.hub.config.HubConfig.DatabaseConfig;

class PlainRunTimeTest extends RunTimeContract {
  @Override
  DatabaseConfig fresh() {
    return TestDatabase.fresh();
  }
}
