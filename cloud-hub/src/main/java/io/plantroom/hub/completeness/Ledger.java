package io.plantroom.hub.completeness;

import io.plantroom.profile.LocalText;
import io.plantroom.telemetry.Cause;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Counts, for some points and a stretch of time, in how many slots a sample was expected, came, was
 * bad or is missing, and says why. Computed from what is stored whenever it is asked for, so that
 * data which comes late is in it at once.
 */
final class Ledger {
  /** A row for the good samples of a slot, and one for each cause of bad ones. */
  private static final String SLOTS =
      """
      SELECT point_id, date_bin(:slot * interval '1 second', ts, :begin) AS slot,
             CASE WHEN quality = 2 THEN cause END AS cause, count(*) AS samples
        FROM (SELECT point_id, ts, quality, cause FROM telemetry
               WHERE point_id = ANY (:points) AND ts >= :from AND ts < :to
              UNION ALL
              SELECT point_id, ts, quality, cause FROM telemetry_state
               WHERE point_id = ANY (:points) AND ts >= :from AND ts < :to
              UNION ALL
              SELECT point_id, ts, quality, cause FROM register_sample
               WHERE point_id = ANY (:points) AND ts >= :from AND ts < :to) s
       GROUP BY 1, 2, 3""";

  private Ledger() {}

  /** Slots of one point; {@code expected} is the sum of the next three. */
  record Count(int expected, int received, int bad, int missing, long samples) {
    static final Count NONE = new Count(0, 0, 0, 0, 0);

    Count plus(Count c) {
      return new Count(
          expected + c.expected,
          received + c.received,
          bad + c.bad,
          missing + c.missing,
          samples + c.samples);
    }
  }

  /** A stretch in which some points of a device have no good sample. */
  record Hole(
      String equipmentId,
      LocalText equipmentName,
      Instant from,
      Instant to,
      String cause,
      int points) {}

  /** The counts of each point, and the holes in the order of their beginning. */
  record Result(Map<Integer, Count> counts, List<Hole> holes) {
    Count total() {
      return counts.values().stream().reduce(Count.NONE, Count::plus);
    }
  }

  /** What came in a slot; {@code often} counts the most frequent cause of its bad samples. */
  private record Slot(long samples, boolean good, Cause cause, long often) {
    Slot plus(Slot s) {
      Cause most = s.often > often ? s.cause : cause;
      return new Slot(samples + s.samples, good || s.good, most, Math.max(often, s.often));
    }
  }

  /** The holes of one cause at one device: how many points in which slot. */
  private record Place(int deviceId, LocalText device, String cause) {}

  /**
   * @param points of one gateway
   * @param witnesses points that tell whether the gateway was at work; may contain the same
   */
  static Result of(
      Handle handle, int gateway, List<Known> points, Collection<Integer> witnesses, Span span) {
    Map<Integer, Map<Integer, Slot>> slots = slots(handle, points, witnesses, span);
    BitSet others = new BitSet();
    slots.values().forEach(m -> m.keySet().stream().filter(s -> s >= 0).forEach(others::set));
    Causes causes = Causes.of(handle, gateway, points, span);
    Map<Integer, Count> counts = new TreeMap<>();
    Map<Place, SortedMap<Integer, Integer>> places = new HashMap<>();
    for (Known point : points) {
      Map<Integer, Slot> mine = slots.getOrDefault(point.id(), Map.of());
      Instant last = point.last();
      int begin = Math.max(0, span.slot(point.first()));
      int end = last == null ? span.slots() : Math.min(span.slots(), span.slot(last) + 1);
      int received = 0;
      int bad = 0;
      int missing = 0;
      long samples = 0;
      for (int i = begin; i < end; i++) {
        Slot slot = lastHeard(mine, i, point.slotsBeyond());
        Slot here = mine.get(i);
        samples += here == null ? 0 : here.samples();
        if (slot != null && slot.good()) {
          received++;
          continue;
        }
        String cause;
        if (slot == null) {
          missing++;
          cause = causes.missing(point, i, others);
        } else {
          bad++;
          cause = Causes.bad(slot.cause());
        }
        places
            .computeIfAbsent(
                new Place(point.deviceId(), point.device(), cause), p -> new TreeMap<>())
            .merge(i, 1, Integer::sum);
      }
      counts.put(point.id(), new Count(received + bad + missing, received, bad, missing, samples));
    }
    return new Result(counts, holes(places, span));
  }

  /** What the point said last, as long as that still speaks for this slot. */
  private static @Nullable Slot lastHeard(Map<Integer, Slot> of, int slot, int beyond) {
    for (int i = slot; i >= slot - beyond; i--) {
      Slot found = of.get(i);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static List<Hole> holes(Map<Place, SortedMap<Integer, Integer>> places, Span span) {
    List<Hole> holes = new ArrayList<>();
    places.forEach(
        (place, slots) -> {
          int begin = slots.firstKey();
          int next = begin;
          int most = 0;
          for (Map.Entry<Integer, Integer> e : slots.entrySet()) {
            if (e.getKey() > next) {
              holes.add(hole(place, span, begin, next, most));
              begin = e.getKey();
              most = 0;
            }
            most = Math.max(most, e.getValue());
            next = e.getKey() + 1;
          }
          holes.add(hole(place, span, begin, next, most));
        });
    holes.sort(Comparator.comparing(Hole::from).thenComparing(h -> h.equipmentId()));
    return holes;
  }

  private static Hole hole(Place place, Span span, int begin, int end, int points) {
    return new Hole(
        String.valueOf(place.deviceId()),
        place.device(),
        span.start(begin),
        span.start(end),
        place.cause(),
        points);
  }

  private static Map<Integer, Map<Integer, Slot>> slots(
      Handle handle, List<Known> points, Collection<Integer> witnesses, Span span) {
    List<Integer> all = new ArrayList<>(witnesses);
    int beyond = 0;
    for (Known p : points) {
      all.add(p.id());
      beyond = Math.max(beyond, p.slotsBeyond());
    }
    Map<Integer, Map<Integer, Slot>> found = new HashMap<>();
    handle
        .createQuery(SLOTS)
        .bind("slot", Span.SLOT.toSeconds())
        .bindArray("points", Integer.class, all.toArray())
        .bind("begin", Causes.utc(span.from()))
        .bind("from", Causes.utc(span.start(-beyond)))
        .bind("to", Causes.utc(span.to()))
        .map(
            (rs, ctx) ->
                found
                    .computeIfAbsent(rs.getInt("point_id"), id -> new HashMap<>())
                    .merge(span.slot(rs.getTimestamp("slot").toInstant()), slot(rs), Slot::plus))
        .list();
    return found;
  }

  private static Slot slot(ResultSet rs) throws SQLException {
    long samples = rs.getLong("samples");
    Cause cause = Cause.of(rs.getInt("cause"));
    return rs.wasNull()
        ? new Slot(samples, true, cause, 0)
        : new Slot(samples, false, cause, samples);
  }
}
