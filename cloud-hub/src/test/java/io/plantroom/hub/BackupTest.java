package io.plantroom.hub;

import io.plantroom.hub.config.HubConfig.DatabaseConfig;

class BackupTest extends BackupContract {
  @Override
  DatabaseConfig database() {
    return TestDatabase.fresh();
  }
}
