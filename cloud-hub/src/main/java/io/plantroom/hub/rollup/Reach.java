package io.plantroom.hub.rollup;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jdbi.v3.core.Handle;

/**
 * How far a change of samples reaches: a value stands until the next sample, so what comes late
 * changes everything up to there, and nothing beyond.
 *
 * @param base the hour; all minutes and milliseconds count from it
 */
record Reach(Instant base, List<Point> points) {
  private static final String NEXT =
      """
      SELECT d.point_id, d.low, d.high, p.class, hold_seconds(p.silence_seconds) AS hold,
             (SELECT floor(date_part('epoch', t.ts - CAST(:base AS timestamptz)) / 60)::int
                FROM %s t
               WHERE t.point_id = d.point_id
                 AND t.ts >= CAST(:base AS timestamptz) + make_interval(mins => d.high)
                 AND t.ts < CAST(:base AS timestamptz) + make_interval(mins => d.high,
                                secs => hold_seconds(p.silence_seconds))
                 AND t.ts >= :base AND t.ts < :end
               ORDER BY t.ts LIMIT 1) AS next
        FROM unnest(CAST(:points AS int[]), CAST(:low AS int[]), CAST(:high AS int[]))
               AS d(point_id, low, high)
        JOIN point p ON p.id = d.point_id
       ORDER BY d.point_id""";
  private static final String HORIZONS =
      """
      SELECT class, data, kept_from FROM retention_horizon WHERE site_id = :site""";

  /** A stretch that a rollup covers, in minutes: of an hour, or of a day of the site. */
  record Stretch(int point, int start, int end, int holdSeconds, boolean replace) {}

  /**
   * What changes of a point.
   *
   * @param low first minute, {@code high} the one after the last
   * @param kept by table, the first minute in which it is complete
   */
  record Point(int id, int low, int high, int holdSeconds, Map<String, Integer> kept) {
    int holdMinutes() {
      return (holdSeconds + 59) / 60;
    }

    /**
     * Whether what begins at a minute can be made anew from a table. What cannot is only filled in
     * where nothing stands.
     */
    boolean whole(String data, int minute) {
      return minute >= kept.getOrDefault(data, Integer.MIN_VALUE);
    }
  }

  static Reach of(Handle handle, String site, Dirty dirty) {
    Map<String, Map<String, Integer>> kept = horizons(handle, site, dirty.hour());
    List<Dirty.Range> ranges = dirty.ranges();
    List<Point> points =
        handle
            .createQuery(NEXT.formatted(dirty.states() ? "telemetry_state" : "telemetry"))
            .bind("base", utc(dirty.hour()))
            .bind("end", utc(dirty.hour().plus(Duration.ofHours(26))))
            .bindArray("points", Integer.class, ints(ranges, Dirty.Range::point))
            .bindArray("low", Integer.class, ints(ranges, Dirty.Range::low))
            .bindArray("high", Integer.class, ints(ranges, Dirty.Range::high))
            .map(
                (rs, ctx) -> {
                  int high = rs.getInt("high");
                  int hold = rs.getInt("hold");
                  int next = rs.getInt("next");
                  int until = rs.wasNull() ? high + (hold + 59) / 60 : next + 1;
                  return new Point(
                      rs.getInt("point_id"),
                      rs.getInt("low"),
                      until,
                      hold,
                      kept.getOrDefault(rs.getString("class"), Map.of()));
                })
            .list();
    return new Reach(dirty.hour(), points);
  }

  /** The stretches of some minutes each that the change touches. */
  List<Stretch> stretches(int minutes, String source) {
    List<Stretch> found = new ArrayList<>();
    for (Point p : points) {
      for (int at = Math.floorDiv(p.low, minutes) * minutes; at < p.high; at += minutes) {
        found.add(new Stretch(p.id, at, at + minutes, p.holdSeconds, p.whole(source, at)));
      }
    }
    return found;
  }

  /** The days of a zone that the change touches. */
  List<Stretch> days(ZoneId zone, String source) {
    Map<LocalDate, int[]> days = new LinkedHashMap<>();
    List<Stretch> found = new ArrayList<>();
    for (Point p : points) {
      LocalDate day = LocalDate.ofInstant(at(p.low), zone);
      int end;
      do {
        int[] bounds =
            days.computeIfAbsent(
                day,
                d ->
                    new int[] {
                      minute(d.atStartOfDay(zone).toInstant()),
                      minute(d.plusDays(1).atStartOfDay(zone).toInstant())
                    });
        end = bounds[1];
        found.add(new Stretch(p.id, bounds[0], end, p.holdSeconds, p.whole(source, bounds[0])));
        day = day.plusDays(1);
      } while (end < p.high);
    }
    return found;
  }

  /** Whether all days of some stretches begin and end with an hour of UTC. */
  static boolean wholeHours(List<Stretch> stretches) {
    return stretches.stream().allMatch(s -> s.start() % 60 == 0 && s.end() % 60 == 0);
  }

  Instant at(int minute) {
    return base.plus(Duration.ofMinutes(minute));
  }

  private int minute(Instant at) {
    return (int) Duration.between(base, at).toMinutes();
  }

  static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }

  static <T> Object[] ints(List<T> list, ToIntFunction<T> of) {
    return list.stream().map(of::applyAsInt).toArray();
  }

  private static Map<String, Map<String, Integer>> horizons(
      Handle handle, String site, Instant base) {
    Map<String, Map<String, Integer>> kept = new LinkedHashMap<>();
    handle
        .createQuery(HORIZONS)
        .bind("site", site)
        .map(
            (rs, ctx) -> {
              long minutes =
                  Duration.between(base, rs.getTimestamp("kept_from").toInstant()).toMinutes();
              kept.computeIfAbsent(rs.getString("class"), c -> new LinkedHashMap<>())
                  .put(
                      rs.getString("data"),
                      // Rounded up, and held away from the ends of what an int can be.
                      (int) Math.max(-1_000_000_000, Math.min(1_000_000_000, minutes + 1)));
              return true;
            })
        .list();
    return kept;
  }
}
