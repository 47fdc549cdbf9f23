package io.plantroom.hub.series;

import io.plantroom.hub.telemetry.PointRegistry;
import io.plantroom.profile.LocalText;
import io.plantroom.profile.Point;
import io.plantroom.profile.PointKind;
import io.plantroom.profile.ProfileCatalog;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A point that somebody may see.
 *
 * @param silenceSeconds for how long nothing need come while all is well
 */
record SeriesPoint(
    int id,
    int deviceId,
    String name,
    PointKind kind,
    LocalText equipment,
    LocalText title,
    @Nullable String unit,
    int silenceSeconds,
    String siteId,
    String zone) {
  /** Of agents that do not announce it. */
  private static final int USUAL_SILENCE = 300;

  /** With a condition on {@code p}, {@code d}, {@code g} or {@code s}. */
  static final String SELECT =
      """
      SELECT p.id, p.device_id, p.name, p.kind, p.silence_seconds, d.profile, d.name_zh, d.name_en,
             s.id AS site_id, s.time_zone
        FROM point p JOIN device d ON d.id = p.device_id JOIN gateway g ON g.id = d.gateway_id
        JOIN org_node s ON s.id = g.site_id WHERE\s""";

  static SeriesPoint of(ResultSet rs, ProfileCatalog profiles) throws SQLException {
    String name = rs.getString("name");
    Optional<Point> point =
        Optional.ofNullable(rs.getString("profile"))
            .flatMap(profiles::find)
            .flatMap(p -> p.point(name));
    int silence = rs.getInt("silence_seconds");
    return new SeriesPoint(
        rs.getInt("id"),
        rs.getInt("device_id"),
        name,
        PointRegistry.kind(rs.getInt("kind")),
        new LocalText(rs.getString("name_zh"), rs.getString("name_en")),
        point.map(Point::title).orElse(new LocalText(name, name)),
        point.map(Point::unit).orElse(null),
        silence == 0 ? USUAL_SILENCE : silence,
        rs.getString("site_id"),
        rs.getString("time_zone"));
  }

  /** The table of its samples. */
  String table() {
    return switch (kind) {
      case ANALOG -> "telemetry";
      case COUNTER -> "register_sample";
      case STATE, TEXT -> "telemetry_state";
    };
  }

  /** Its value as a number, in SQL. */
  String number() {
    return switch (kind) {
      case ANALOG -> "value";
      case COUNTER -> "value::double precision";
      case STATE, TEXT -> "state::double precision";
    };
  }
}
