package io.plantroom.hub;

import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import org.junit.jupiter.api.Tag;

/** From PostgreSQL alone to TimescaleDB by way of a backup. Needs a server as TimescaleIT does. */
@Tag("timescaledb")
class LevelUpIT extends BackupContract {
  private boolean plainMade;

  @Override
  DatabaseConfig database() {
    if (plainMade) {
      return TestDatabase.freshTimescale();
    }
    plainMade = true;
    return TestDatabase.fresh();
  }
}
