package io.plantroom.hub.analysis;

import io.plantroom.hub.database.Database;
import io.plantroom.hub.http.Routes;
import io.plantroom.profile.ProfileCatalog;
import java.time.InstantSource;

/** Everything that is asked of the analysis. */
public final class AnalysisRoutes {
  private final Database database;
  private final ProfileCatalog profiles;
  private final InstantSource clock;

  public AnalysisRoutes(Database database, ProfileCatalog profiles, InstantSource clock) {
    this.database = database;
    this.profiles = profiles;
    this.clock = clock;
  }

  public void addTo(Routes routes) {
    new ConsumptionRoutes(database, clock).addTo(routes);
    new ComparisonRoutes(database, clock).addTo(routes);
    new WaterRoutes(database, clock).addTo(routes);
    new PumpRoutes(database, profiles, clock).addTo(routes);
    new Tariffs(database).addTo(routes);
    new SettingsStore(database, profiles).addTo(routes);
  }
}
