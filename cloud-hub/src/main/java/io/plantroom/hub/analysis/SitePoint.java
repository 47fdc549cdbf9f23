package io.plantroom.hub.analysis;

import io.plantroom.hub.analysis.Register.Counter;
import io.plantroom.hub.telemetry.PointRegistry;
import io.plantroom.profile.LocalText;
import io.plantroom.profile.Point;
import io.plantroom.profile.PointKind;
import io.plantroom.profile.Profile;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.profile.StateText;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** A point of a site with the unit that its profile gives it. */
record SitePoint(
    int id,
    Equipment equipment,
    String name,
    PointKind kind,
    @Nullable Point model,
    @Nullable Integer silenceSeconds) {
  /** Factors to the unit in which a group is told. */
  private static final Map<String, Map<String, BigDecimal>> FACTORS =
      Map.of(
          "kWh",
          Map.of(
              "Wh", new BigDecimal("0.001"),
              "kWh", BigDecimal.ONE,
              "MWh", new BigDecimal(1000)),
          "m3",
          Map.of("l", new BigDecimal("0.001"), "m3", BigDecimal.ONE));

  private static final String POINTS =
      """
      SELECT p.id, p.name, p.kind, p.silence_seconds, d.id AS device_id, d.name_zh, d.name_en,
             d.profile
        FROM point p JOIN device d ON d.id = p.device_id JOIN gateway g ON g.id = d.gateway_id
       WHERE g.site_id = :site""";

  /** Where a point belongs. */
  record Equipment(int id, LocalText name) {}

  /**
   * A point as somebody picks it.
   *
   * @param use {@code energy}, {@code volume} or {@code running}
   * @param states of a state, by their codes
   */
  record View(
      String id,
      String equipmentId,
      LocalText equipmentName,
      String name,
      LocalText title,
      String use,
      @Nullable String unit,
      @Nullable List<StateText> states) {}

  static Map<String, SitePoint> of(Handle handle, Place place, ProfileCatalog profiles) {
    Map<String, SitePoint> points = new HashMap<>();
    handle
        .createQuery(POINTS)
        .bind("site", place.id())
        .map((rs, ctx) -> of(rs, profiles))
        .forEach(p -> points.put(String.valueOf(p.id()), p));
    return points;
  }

  private static SitePoint of(ResultSet rs, ProfileCatalog profiles) throws SQLException {
    String name = rs.getString("name");
    Optional<Profile> profile =
        Optional.ofNullable(rs.getString("profile")).flatMap(profiles::find);
    return new SitePoint(
        rs.getInt("id"),
        new Equipment(
            rs.getInt("device_id"),
            new LocalText(rs.getString("name_zh"), rs.getString("name_en"))),
        name,
        PointRegistry.kind(rs.getInt("kind")),
        profile.flatMap(p -> p.point(name)).orElse(null),
        rs.getObject("silence_seconds", Integer.class));
  }

  /** What to multiply by to have this unit; null when it is another quantity. */
  @Nullable BigDecimal factor(String wanted) {
    String unit = model == null ? null : model.unit();
    return unit == null ? null : FACTORS.getOrDefault(wanted, Map.of()).get(unit);
  }

  /** As it may be picked for a pump group; nothing when it fits nowhere in one. */
  Optional<View> view() {
    if (model == null) {
      return Optional.empty();
    }
    String use =
        kind == PointKind.STATE
            ? "running"
            : kind != PointKind.COUNTER
                ? null
                : factor("kWh") != null ? "energy" : factor("m3") != null ? "volume" : null;
    if (use == null) {
      return Optional.empty();
    }
    return Optional.of(
        new View(
            String.valueOf(id),
            String.valueOf(equipment.id()),
            equipment.name(),
            name,
            model.title(),
            use,
            model.unit(),
            kind == PointKind.STATE ? model.states() : null));
  }

  Counter counter() {
    return new Counter(id, null, null, silenceSeconds);
  }
}
