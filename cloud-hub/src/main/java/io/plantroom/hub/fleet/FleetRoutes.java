package io.plantroom.hub.fleet;

import io.plantroom.hub.database.Database;
import io.plantroom.hub.http.Call;
import io.plantroom.hub.http.Routes;
import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.statement.Query;

/** What people see of the gateways. */
public final class FleetRoutes {
  private static final String PAGE =
      GatewayView.SELECT
          + "g."
          + Call.VISIBLE
          + " AND (CAST(:site AS text) IS NULL OR g.site_id = :site) ORDER BY g.code";

  private final Database database;
  private final InstantSource clock;

  public FleetRoutes(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  public void addTo(Routes routes) {
    routes.on("gateways", this::gateways);
  }

  private List<GatewayView> gateways(Call call) {
    return database
        .jdbi()
        .withHandle(
            h -> {
              Query query = call.visible(h.createQuery(PAGE)).bind("site", call.query("site"));
              return GatewayView.list(h, query, clock.instant());
            });
  }
}
