package io.plantroom.hub.analysis;

import io.plantroom.hub.TestDatabase;
import io.plantroom.hub.config.HubConfig.DatabaseConfig;

class PlainRegisterBreaksTest extends RegisterBreaksContract {
  @Override
  DatabaseConfig fresh() {
    return TestDatabase.fresh();
  }
}
