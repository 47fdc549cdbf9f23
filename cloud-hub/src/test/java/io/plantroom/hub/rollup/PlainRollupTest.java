package io.plantroom.hub.rollup;

import io.plantroom.hub.TestDatabase;
import io.plantroom.hub.config.HubConfig.DatabaseConfig;

class PlainRollupTest extends RollupContract {
  @Override
  protected DatabaseConfig fresh() {
    return TestDatabase.fresh();
  }
}
