package io.plantroom.hub.equipment;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.http.ApiException;
import io.plantroom.hub.http.Call;
import io.plantroom.hub.http.Routes;
import io.plantroom.hub.telemetry.LatestValues;
import io.plantroom.hub.telemetry.PointRegistry;
import io.plantroom.profile.LocalText;
import io.plantroom.profile.Point;
import io.plantroom.profile.PointKind;
import io.plantroom.profile.Profile;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.profile.StateText;
import io.plantroom.telemetry.Cause;
import io.plantroom.telemetry.Quality;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The equipment of the sites a caller may see, with what it shows at present. */
public final class EquipmentRoutes {
  private static final String SELECT =
      """
      SELECT d.*, g.code, g.online AS gateway_online, g.site_id, s.name_zh AS site_zh,
             s.name_en AS site_en, l.worst, l.last_seen,
             a.critical, a.high, a.medium, a.low
        FROM device d JOIN gateway g ON g.id = d.gateway_id JOIN org_node s ON s.id = g.site_id
        CROSS JOIN LATERAL (
          SELECT max(v.quality) AS worst, max(v.ts) AS last_seen
            FROM point p JOIN point_latest v ON v.point_id = p.id WHERE p.device_id = d.id) l
        CROSS JOIN LATERAL (
          SELECT count(*) FILTER (WHERE priority = 'critical') AS critical,
                 count(*) FILTER (WHERE priority = 'high') AS high,
                 count(*) FILTER (WHERE priority = 'medium') AS medium,
                 count(*) FILTER (WHERE priority = 'low') AS low
            FROM alarm WHERE device_id = d.id AND (cleared_at IS NULL OR acknowledged_at IS NULL)) a
       WHERE d.present AND g."""
          + Call.VISIBLE;
  private static final String LIST =
      SELECT
          + """
           AND (CAST(:site AS text) IS NULL OR g.site_id = :site)
           AND (CAST(:text AS text) IS NULL OR concat_ws(' ', d.name_zh, d.name_en, d.key, d.profile,
                d.location_zh, d.location_en, d.serial, g.code) ILIKE :text)
         ORDER BY g.site_id, d.name_zh, d.id""";
  private static final String POINTS =
      """
      SELECT p.id, p.name, p.kind, v.* FROM point p LEFT JOIN point_latest v ON v.point_id = p.id
       WHERE p.device_id = :device""";

  private final Database database;
  private final ProfileCatalog profiles;
  private final LatestValues latest;

  public EquipmentRoutes(Database database, ProfileCatalog profiles, LatestValues latest) {
    this.database = database;
    this.profiles = profiles;
    this.latest = latest;
  }

  record AlarmCount(int critical, int high, int medium, int low) {}

  record Summary(
      String id,
      String siteId,
      LocalText siteName,
      String gateway,
      String device,
      LocalText name,
      String category,
      @Nullable LocalText location,
      String maker,
      String model,
      String profile,
      boolean verified,
      String link,
      String worst,
      AlarmCount openAlarms,
      @Nullable Instant lastSeen) {}

  record Detail(@JsonUnwrapped Summary summary, List<PointView> points) {}

  record PointView(
      String id,
      String name,
      LocalText title,
      String kind,
      @Nullable String unit,
      @Nullable List<StateText> states,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Object value,
      @Nullable LocalText text,
      @Nullable Instant at,
      String quality,
      @Nullable String cause,
      @Nullable Boolean live,
      @Nullable Settable settable) {}

  public void addTo(Routes routes) {
    routes.on("equipment", this::list).on("equipmentItem", this::detail);
  }

  private List<Summary> list(Call call) {
    String text = call.query("text");
    String category = call.query("category");
    return database
        .jdbi()
        .withHandle(
            h ->
                call
                    .visible(h.createQuery(LIST))
                    .bind("site", call.query("site"))
                    .bind("text", text == null ? null : "%" + text.replace("%", "\\%") + "%")
                    .map((rs, ctx) -> summary(rs))
                    .stream()
                    .filter(s -> category == null || s.category().equals(category))
                    .toList());
  }

  private Detail detail(Call call) {
    long id = call.id("equipment", "该设备", "This equipment");
    return database
        .jdbi()
        .withHandle(
            h -> {
              Summary summary =
                  call.visible(h.createQuery(SELECT + " AND d.id = :id"))
                      .bind("id", id)
                      .map((rs, ctx) -> summary(rs))
                      .findOne()
                      .orElseThrow(
                          () -> ApiException.notFound("equipment", "该设备", "This equipment"));
              Optional<Profile> profile = profiles.find(summary.profile());
              List<String> allowed = allowed(h, id);
              List<PointView> points =
                  h
                      .createQuery(POINTS)
                      .bind("device", id)
                      .map((rs, ctx) -> point(rs, profile, allowed))
                      .stream()
                      .sorted(Comparator.comparingInt(p -> order(profile, p.name())))
                      .toList();
              return new Detail(summary, points);
            });
  }

  /** Points that the gateway lets be set. */
  private static List<String> allowed(Handle handle, long device) {
    return handle
        .createQuery("SELECT unnest(writable) FROM device WHERE id = :id")
        .bind("id", device)
        .mapTo(String.class)
        .list();
  }

  private Summary summary(ResultSet rs) throws SQLException {
    String id = rs.getString("profile");
    Optional<Profile> profile = Optional.ofNullable(id).flatMap(profiles::find);
    String location = rs.getString("location_zh");
    Timestamp seen = rs.getTimestamp("last_seen");
    int worst = rs.getInt("worst");
    return new Summary(
        rs.getString("id"),
        rs.getString("site_id"),
        new LocalText(rs.getString("site_zh"), rs.getString("site_en")),
        rs.getString("code"),
        rs.getString("key"),
        new LocalText(rs.getString("name_zh"), rs.getString("name_en")),
        profile.map(p -> kebab(p.category())).orElse("unknown"),
        location == null ? null : new LocalText(location, rs.getString("location_en")),
        profile.map(Profile::maker).orElse("?"),
        profile.map(Profile::model).orElse("?"),
        id == null ? "unknown" : id,
        profile.map(Profile::verified).orElse(false),
        link(rs),
        LatestValues.quality(Quality.of(worst)),
        new AlarmCount(
            rs.getInt("critical"), rs.getInt("high"), rs.getInt("medium"), rs.getInt("low")),
        seen == null ? null : seen.toInstant());
  }

  private static String link(ResultSet rs) throws SQLException {
    boolean online = rs.getBoolean("online");
    if (rs.wasNull() || !rs.getBoolean("gateway_online")) {
      return "unknown";
    }
    return online ? "online" : "offline";
  }

  private PointView point(ResultSet rs, Optional<Profile> profile, List<String> allowed)
      throws SQLException {
    String name = rs.getString("name");
    PointKind kind = PointRegistry.kind(rs.getInt("kind"));
    Optional<Point> model = profile.flatMap(p -> p.point(name));
    Timestamp ts = rs.getTimestamp("ts");
    Instant stored = ts == null ? null : ts.toInstant();
    Optional<LatestValues.Ahead> ahead =
        latest.ahead(rs.getInt("id"), stored, rs.getBoolean("clock_trusted"));
    Instant at = ahead.map(LatestValues.Ahead::at).orElse(stored);
    Object value = ahead.isPresent() ? ahead.get().value() : LatestValues.value(rs);
    Quality quality =
        ahead.map(LatestValues.Ahead::quality).orElse(Quality.of(rs.getInt("quality")));
    Cause cause = ahead.map(LatestValues.Ahead::cause).orElse(Cause.of(rs.getInt("cause")));
    return new PointView(
        rs.getString("id"),
        name,
        model.map(Point::title).orElse(new LocalText(name, name)),
        kebab(kind),
        model.map(Point::unit).orElse(null),
        model.map(Point::states).filter(s -> !s.isEmpty()).orElse(null),
        value,
        model
            .flatMap(
                p ->
                    p.states().stream()
                        .filter(s -> Integer.valueOf(s.code()).equals(value))
                        .findFirst())
            .map(StateText::title)
            .orElse(null),
        at,
        at == null ? "bad" : LatestValues.quality(quality),
        at == null ? "not-available" : LatestValues.cause(cause),
        ahead.isPresent() ? Boolean.TRUE : null,
        profile.flatMap(p -> model.map(m -> Settable.of(p, m, allowed))).orElse(null));
  }

  private static int order(Optional<Profile> profile, String name) {
    List<Point> points = profile.map(Profile::points).orElse(List.of());
    for (int i = 0; i < points.size(); i++) {
      if (points.get(i).name().equals(name)) {
        return i;
      }
    }
    return points.size();
  }

  private static String kebab(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
