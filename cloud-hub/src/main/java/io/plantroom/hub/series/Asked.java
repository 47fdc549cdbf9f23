package io.plantroom.hub.series;

import io.plantroom.hub.http.ApiException;
import io.plantroom.hub.http.Call;
import io.plantroom.profile.ProfileCatalog;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Reads from a request which points and what time it is about, within limits that are said. */
final class Asked {
  private static final Duration LONGEST = Duration.ofDays(400);
  private static final int MOST_POINTS = 100;
  private static final int MOST_CELLS = 200_000;

  /** Above it a chart takes minutes instead of samples. */
  private static final Duration MOST_POINT_TIME = Duration.ofDays(20);

  private static final String SITE =
      "SELECT id, time_zone FROM (SELECT id, id AS site_id, time_zone FROM org_node"
          + " WHERE kind = 'site') s WHERE id = :id AND "
          + Call.VISIBLE;

  private final ProfileCatalog profiles;
  private final InstantSource clock;

  Asked(ProfileCatalog profiles, InstantSource clock) {
    this.profiles = profiles;
    this.clock = clock;
  }

  record Time(Instant from, Instant to) {}

  record Place(String id, ZoneId zone) {}

  Time time(Call call) {
    Instant asked = call.time("to");
    Instant to = asked == null ? clock.instant() : asked;
    Instant since = call.time("from");
    Instant from = since == null ? to.minus(Duration.ofDays(1)) : since;
    if (!from.isBefore(to)) {
      throw ApiException.badRequest("from", "必须早于 to", "must be before to");
    }
    if (Duration.between(from, to).compareTo(LONGEST) > 0) {
      throw ApiException.badRequest("from", "时间跨度最多 400 天", "the span may be 400 days at most");
    }
    return new Time(from, to);
  }

  SeriesPoint point(Handle handle, Call call) {
    long id = call.id("point", "该点位", "This point");
    return call.visible(handle.createQuery(SeriesPoint.SELECT + "p.id = :id AND g." + Call.VISIBLE))
        .bind("id", id)
        .map((rs, ctx) -> SeriesPoint.of(rs, profiles))
        .findOne()
        .orElseThrow(() -> ApiException.notFound("point", "该点位", "This point"));
  }

  Place site(Handle handle, Call call) {
    return call.visible(handle.createQuery(SITE))
        .bind("id", call.path("id"))
        .map((rs, ctx) -> new Place(rs.getString("id"), ZoneId.of(rs.getString("time_zone"))))
        .findOne()
        .orElseThrow(() -> ApiException.notFound("site", "该项目", "This site"));
  }

  /** The points that the query names, in its order; all of them are of the site. */
  List<SeriesPoint> points(Handle handle, Call call, Place site) {
    Set<Integer> ids = ids(call.query("points"));
    if (ids.isEmpty()) {
      return List.of();
    }
    Map<Integer, SeriesPoint> found =
        handle
            .createQuery(SeriesPoint.SELECT + "p.id = ANY (:ids) AND g.site_id = :site")
            .bindArray("ids", Integer.class, ids.toArray())
            .bind("site", site.id())
            .map((rs, ctx) -> SeriesPoint.of(rs, profiles))
            .stream()
            .collect(Collectors.toMap(SeriesPoint::id, p -> p));
    List<SeriesPoint> points = new ArrayList<>();
    for (int id : ids) {
      SeriesPoint point = found.get(id);
      if (point == null) {
        throw ApiException.notFound(
            "point", "点位 " + id + " 在该项目中", "Point " + id + " of this site");
      }
      points.add(point);
    }
    return points;
  }

  private static Set<Integer> ids(@Nullable String text) {
    Set<Integer> ids = new LinkedHashSet<>();
    if (text != null) {
      for (String id : text.split(",", -1)) {
        try {
          ids.add(Integer.valueOf(id.strip()));
        } catch (NumberFormatException e) {
          throw ApiException.badRequest(
              "points", "应为以逗号分隔的点位编号，例如 12,13", "expected ids with commas between, such as 12,13");
        }
      }
    }
    if (ids.size() > MOST_POINTS) {
      throw ApiException.badRequest(
          "points",
          "一次最多 " + MOST_POINTS + " 个点位，收到 " + ids.size() + " 个",
          "at most " + MOST_POINTS + " points at once, got " + ids.size());
    }
    return ids;
  }

  static Resolution step(String text, Resolution finest) {
    Resolution step = Resolution.of(text);
    if (step.compareTo(finest) < 0) {
      throw ApiException.badRequest(
          "step", "此处最细为 " + finest.key(), "the finest here is " + finest.key());
    }
    return step;
  }

  /** Refuses more values than an answer may have. */
  static void check(Grid grid, int points) {
    long cells = (long) grid.size() * points;
    if (cells > MOST_CELLS) {
      throw ApiException.badRequest(
          "step",
          "共 " + cells + " 个值，最多 " + MOST_CELLS + " 个：请缩短时间、减少点位或加大步长",
          cells
              + " values, at most "
              + MOST_CELLS
              + ": ask for less time, fewer points or a coarser step");
    }
  }

  static boolean manySamples(Grid grid, int points) {
    return Duration.between(grid.from(), grid.to()).multipliedBy(points).compareTo(MOST_POINT_TIME)
        > 0;
  }
}
