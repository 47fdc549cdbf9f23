package io.plantroom.hub.analysis;

import io.plantroom.hub.access.Audit;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.http.ApiException;
import io.plantroom.hub.http.Call;
import io.plantroom.hub.http.Json;
import io.plantroom.hub.http.Routes;
import io.plantroom.profile.PointKind;
import io.plantroom.profile.ProfileCatalog;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The settings of each site; every version of them is kept. */
final class SettingsStore {
  private static final String NEWEST =
      """
      SELECT settings, version FROM analysis_setting WHERE site_id = :site ORDER BY version DESC LIMIT 1""";
  private static final String PUT =
      """
      INSERT INTO analysis_setting (site_id, version, settings, author)
      SELECT :site, coalesce(max(version), 0) + 1, :settings, :author FROM analysis_setting
       WHERE site_id = :site""";
  private static final String LOCK =
      """
      SELECT 1 FROM org_node WHERE id = :site FOR NO KEY UPDATE""";
  private static final String EQUIPMENT =
      """
      SELECT CAST(d.id AS text) FROM device d JOIN gateway g ON g.id = d.gateway_id
       WHERE g.site_id = :site""";

  private final Database database;
  private final ProfileCatalog profiles;

  SettingsStore(Database database, ProfileCatalog profiles) {
    this.database = database;
    this.profiles = profiles;
  }

  void addTo(Routes routes) {
    routes
        .on("analysisSettings", call -> database.jdbi().withHandle(h -> of(h, Place.of(h, call))))
        .on("putAnalysisSettings", this::put)
        .on("analysisPoints", this::points);
  }

  static Settings of(Handle handle, Place place) {
    return handle
        .createQuery(NEWEST)
        .bind("site", place.id())
        .map(
            (rs, ctx) ->
                Json.read(rs.getString("settings"), Settings.class).of(rs.getInt("version")))
        .findOne()
        .orElse(Settings.NONE);
  }

  private Settings put(Call call) {
    Settings settings = call.body(Settings.class);
    return database
        .jdbi()
        .inTransaction(
            h -> {
              Place place = Place.of(h, call);
              check(h, place, settings);
              h.createQuery(LOCK).bind("site", place.id()).mapTo(Integer.class).one();
              Integer standing = of(h, place).version();
              if (settings.version() != null && !settings.version().equals(standing)) {
                throw ApiException.conflict(
                    "settings-changed",
                    "其他人已修改过设置，请重新载入后再改。",
                    "Somebody else has changed the settings meanwhile; load them again.");
              }
              h.createUpdate(PUT)
                  .bind("site", place.id())
                  .bind("settings", Json.write(settings.of(null)))
                  .bind("author", call.caller().name())
                  .execute();
              Audit.add(
                  h,
                  call.caller().name(),
                  "put-analysis-settings",
                  place.id(),
                  settings.leftOut().size()
                      + " sub-meters, "
                      + settings.pumpGroups().size()
                      + " pump groups",
                  call.remote());
              return of(h, place);
            });
  }

  /** What pump groups may be made of. */
  private List<SitePoint.View> points(Call call) {
    return database
        .jdbi()
        .withHandle(
            h ->
                SitePoint.of(h, Place.of(h, call), profiles).values().stream()
                    .sorted(Comparator.comparing(SitePoint::id))
                    .map(SitePoint::view)
                    .flatMap(Optional::stream)
                    .toList());
  }

  private void check(Handle handle, Place place, Settings settings) {
    Set<String> equipment =
        Set.copyOf(
            handle.createQuery(EQUIPMENT).bind("site", place.id()).mapTo(String.class).list());
    for (String id : settings.subMeters()) {
      if (!equipment.contains(id)) {
        throw ApiException.badRequest(
            "subMeters", "该项目没有设备 " + id, "the site has no equipment " + id);
      }
    }
    checkBehind(settings.behind(), equipment);
    Map<String, SitePoint> points = SitePoint.of(handle, place, profiles);
    Set<String> keys = new HashSet<>();
    for (Settings.PumpGroup group : settings.pumpGroups()) {
      if (!keys.add(group.key())) {
        throw ApiException.badRequest("pumpGroups", "重复：" + group.key(), group.key() + " twice");
      }
      check(points, group.key(), group.energy(), PointKind.COUNTER, "kWh");
      check(points, group.key(), group.volume(), PointKind.COUNTER, "m3");
      List<String> running = group.running().stream().map(Settings.Running::pointId).toList();
      check(points, group.key(), running, PointKind.STATE, null);
    }
  }

  private static void checkBehind(List<Settings.Behind> behind, Set<String> equipment) {
    Map<String, String> mains = new HashMap<>();
    for (Settings.Behind b : behind) {
      for (String id : List.of(b.meter(), b.main())) {
        if (!equipment.contains(id)) {
          throw ApiException.badRequest(
              "behind", "该项目没有设备 " + id, "the site has no equipment " + id);
        }
      }
      if (mains.put(b.meter(), b.main()) != null) {
        throw ApiException.badRequest(
            "behind",
            "设备 " + b.meter() + " 只能有一块上级表",
            "equipment " + b.meter() + " can be behind one meter only");
      }
    }
    for (String meter : mains.keySet()) {
      String main = mains.get(meter);
      for (int i = 0; main != null && i <= mains.size(); i++) {
        if (main.equals(meter)) {
          throw ApiException.badRequest(
              "behind",
              "表计互为上下级，形成回路：" + meter,
              "meters stand behind each other in a circle: " + meter);
        }
        main = mains.get(main);
      }
    }
  }

  private static void check(
      Map<String, SitePoint> points,
      String group,
      List<String> ids,
      PointKind kind,
      @Nullable String unit) {
    for (String id : ids) {
      SitePoint point = points.get(id);
      String field = "pumpGroups." + group;
      if (point == null) {
        throw ApiException.badRequest(field, "该项目没有点位 " + id, "the site has no point " + id);
      }
      if (point.kind() != kind || (unit != null && point.factor(unit) == null)) {
        String wanted = kind == PointKind.STATE ? "state" : "counter in " + unit;
        String needed = kind == PointKind.STATE ? "状态量" : "以 " + unit + " 计的累计量";
        throw ApiException.badRequest(
            field,
            "点位 " + point.name() + "（" + id + "）不是" + needed,
            "point " + point.name() + " (" + id + ") is no " + wanted);
      }
    }
  }
}
