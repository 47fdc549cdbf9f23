package io.plantroom.hub.series;

import io.plantroom.hub.database.Database;
import io.plantroom.hub.http.Call;
import io.plantroom.hub.http.Routes;
import io.plantroom.hub.telemetry.LatestValues;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.telemetry.Cause;
import io.plantroom.telemetry.Quality;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What every point of a site says now. */
public final class LatestRoutes {
  private static final String LATEST =
      """
      SELECT l.point_id, p.device_id, p.name, l.quality, l.cause, l.clock_trusted, l.register,
             l.text_value, l.state, l.value, (date_part('epoch', l.ts) * 1000)::bigint AS at
        FROM gateway g JOIN device d ON d.gateway_id = g.id JOIN point p ON p.device_id = d.id
        JOIN point_latest l ON l.point_id = p.id
       WHERE g.site_id = :site AND g.listed AND d.present ORDER BY l.point_id""";

  private final Database database;
  private final LatestValues latest;
  private final Asked asked;

  public LatestRoutes(
      Database database, ProfileCatalog profiles, LatestValues latest, InstantSource clock) {
    this.database = database;
    this.latest = latest;
    this.asked = new Asked(profiles, clock);
  }

  record SiteLatest(String siteId, List<Latest> points) {}

  /**
   * @param live true when the value came ahead of the backlog and is not stored yet, else null
   */
  record Latest(
      String pointId,
      String equipmentId,
      String name,
      Instant at,
      @Nullable Object value,
      String quality,
      @Nullable String cause,
      @Nullable Boolean live) {}

  public void addTo(Routes routes) {
    routes.on("siteLatest", this::siteLatest);
  }

  private SiteLatest siteLatest(Call call) {
    return database
        .jdbi()
        .withHandle(
            h -> {
              Asked.Place site = asked.site(h, call);
              List<Latest> points = new ArrayList<>();
              h.createQuery(LATEST)
                  .bind("site", site.id())
                  .scanResultSet(
                      (rows, ctx) -> {
                        ResultSet rs = rows.get();
                        while (rs.next()) {
                          points.add(latest(rs));
                        }
                        return points;
                      });
              return new SiteLatest(site.id(), points);
            });
  }

  private Latest latest(ResultSet rs) throws SQLException {
    int point = rs.getInt("point_id");
    Instant at = Instant.ofEpochMilli(rs.getLong("at"));
    Optional<LatestValues.Ahead> ahead = latest.ahead(point, at, rs.getBoolean("clock_trusted"));
    return new Latest(
        String.valueOf(point),
        rs.getString("device_id"),
        rs.getString("name"),
        ahead.map(LatestValues.Ahead::at).orElse(at),
        ahead.isPresent() ? ahead.get().value() : LatestValues.value(rs),
        LatestValues.quality(
            ahead.map(LatestValues.Ahead::quality).orElse(Quality.of(rs.getInt("quality")))),
        LatestValues.cause(
            ahead.map(LatestValues.Ahead::cause).orElse(Cause.of(rs.getInt("cause")))),
        ahead.isPresent() ? Boolean.TRUE : null);
  }
}
