package io.plantroom.hub.rollup;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** The notes that the ingest leaves of what has changed. */
final class Marks {
  private static final String SITES =
      """
      SELECT site_id FROM rollup_mark GROUP BY site_id ORDER BY max(hour) DESC, site_id""";

  /** Two hubs take turns on a site; the one that comes second does another. */
  private static final String LOCK =
      """
      SELECT pg_try_advisory_xact_lock(hashtext('rollup'), hashtext(:site))""";

  private static final String TAKE =
      """
      DELETE FROM rollup_mark
       WHERE id IN (SELECT id FROM rollup_mark m
                     WHERE site_id = :site
                       AND (hour, states) = (SELECT hour, states FROM rollup_mark
                                              WHERE site_id = :site
                                              ORDER BY hour DESC, states LIMIT 1)
                     ORDER BY id LIMIT 2000)
      RETURNING hour, states, low, high, points""";
  private static final String GIVE_BACK =
      """
      INSERT INTO rollup_mark (hour, site_id, states, low, high, points)
      VALUES (:hour, :site, :states, :low, :high, :points)""";

  /** What one transaction does at most: at one sample a second these are 1.2 million. */
  private static final int MOST_MINUTES = 20_000;

  private Marks() {}

  /** Sites where something has changed, the one with the newest first. */
  static List<String> sites(Handle handle) {
    return handle.createQuery(SITES).mapTo(String.class).list();
  }

  /**
   * Takes the newest changes of a site away, to be made good in the same transaction; none when
   * there are none or another hub is at it.
   */
  static Optional<Dirty> take(Handle handle, String site) {
    if (!handle.createQuery(LOCK).bind("site", site).mapTo(Boolean.class).one()) {
      return Optional.empty();
    }
    List<Mark> marks =
        handle.createQuery(TAKE).bind("site", site).map((rs, ctx) -> mark(rs)).list();
    if (marks.isEmpty()) {
      return Optional.empty();
    }
    Map<Integer, Dirty.Range> ranges = new TreeMap<>();
    for (Mark mark : marks) {
      for (int point : mark.points()) {
        ranges.merge(point, new Dirty.Range(point, mark.low(), mark.high() + 1), Dirty.Range::and);
      }
    }
    Mark first = marks.get(0);
    List<Dirty.Range> now = new ArrayList<>();
    List<Dirty.Range> later = new ArrayList<>();
    int minutes = 0;
    for (Dirty.Range r : ranges.values()) {
      (minutes < MOST_MINUTES ? now : later).add(r);
      minutes += r.high() - r.low();
    }
    if (!later.isEmpty()) {
      giveBack(handle, site, first, later);
    }
    return Optional.of(new Dirty(first.hour(), first.states(), now));
  }

  private static void giveBack(Handle handle, String site, Mark of, List<Dirty.Range> ranges) {
    handle
        .createUpdate(GIVE_BACK)
        .bind("hour", of.hour().atOffset(ZoneOffset.UTC))
        .bind("site", site)
        .bind("states", of.states())
        .bind("low", ranges.stream().mapToInt(Dirty.Range::low).min().orElse(0))
        .bind("high", ranges.stream().mapToInt(Dirty.Range::high).max().orElse(60) - 1)
        .bindArray(
            "points",
            Integer.class,
            (Object[]) ranges.stream().map(Dirty.Range::point).toArray(Integer[]::new))
        .execute();
  }

  private record Mark(Instant hour, boolean states, int low, int high, List<Integer> points) {}

  private static Mark mark(ResultSet rs) throws SQLException {
    Array points = rs.getArray("points");
    return new Mark(
        rs.getTimestamp("hour").toInstant(),
        rs.getBoolean("states"),
        rs.getInt("low"),
        rs.getInt("high"),
        List.of((Integer[]) points.getArray()));
  }
}
