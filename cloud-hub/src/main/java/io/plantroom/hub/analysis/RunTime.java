package io.plantroom.hub.analysis;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * For how long equipment has run, from the states it told. A state stands until the next one, at
 * most for as long as its gateway may be silent, and a quarter more; then it is not known.
 */
final class RunTime {
  private static final int USUAL_SILENCE = 300;
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final String STATES =
      """
      SELECT ts, CASE WHEN quality < 2 THEN state END AS state,
             lead(ts) OVER (ORDER BY ts) AS next
        FROM telemetry_state WHERE point_id = :point AND ts >= :from AND ts < :to
       ORDER BY ts""";

  /** The same by the hour, for periods so long that the samples may be gone. */
  private static final String HOURS =
      """
      SELECT bucket, state, ms FROM rollup_state_1h
       WHERE point_id = :point AND bucket >= :from AND bucket < :to""";

  private static final Duration BY_HOURS = Duration.ofDays(62);

  private final List<Instant> bounds;
  private final long[] known;
  private final long[] running;

  private RunTime(List<Instant> bounds) {
    this.bounds = bounds;
    this.known = new long[bounds.size() - 1];
    this.running = new long[bounds.size() - 1];
  }

  /** A state point, and by which codes it runs. */
  record Source(SitePoint point, Set<Integer> codes) {}

  /** Milliseconds in which it ran, of those in which that is known. */
  record Share(long running, long known) {
    static final Share NONE = new Share(0, 0);

    Share plus(Share other) {
      return new Share(running + other.running, known + other.known);
    }

    /** 0 to 1; null when nothing is known. */
    @Nullable Double value() {
      return known == 0 ? null : (Double) (Math.round(1000.0 * running / known) / 1000.0);
    }
  }

  /** By bucket, for each point. */
  static Map<Integer, List<Share>> of(
      Handle handle, Collection<Source> sources, List<Instant> bounds, Instant now) {
    Map<Integer, List<Share>> shares = new HashMap<>();
    boolean byHours =
        Duration.between(bounds.get(0), bounds.get(bounds.size() - 1)).compareTo(BY_HOURS) > 0
            && bounds.stream().allMatch(b -> b.toEpochMilli() % 3_600_000 == 0);
    for (Source source : sources) {
      RunTime time = new RunTime(bounds);
      if (byHours) {
        time.hours(handle, source);
      } else {
        time.samples(handle, source, now);
      }
      shares.put(source.point().id(), time.shares());
    }
    return shares;
  }

  private void hours(Handle handle, Source source) {
    handle
        .createQuery(HOURS)
        .bind("point", source.point().id())
        .bind("from", bounds.get(0).atOffset(ZoneOffset.UTC))
        .bind("to", bounds.get(bounds.size() - 1).atOffset(ZoneOffset.UTC))
        .setFetchSize(5000)
        .map(
            (rs, ctx) -> {
              int bucket = bucket(rs.getTimestamp("bucket").toInstant());
              known[bucket] += rs.getLong("ms");
              running[bucket] += source.codes().contains(rs.getInt("state")) ? rs.getLong("ms") : 0;
              return bucket;
            })
        .forEach(added -> {});
  }

  private void samples(Handle handle, Source source, Instant now) {
    Integer silence = source.point().silenceSeconds();
    Duration announced = Duration.ofSeconds((silence == null ? USUAL_SILENCE : silence) * 5L / 4);
    Duration hold = announced.compareTo(LONGEST) < 0 ? announced : LONGEST;
    handle
        .createQuery(STATES)
        .bind("point", source.point().id())
        .bind("from", bounds.get(0).minus(hold).atOffset(ZoneOffset.UTC))
        .bind("to", bounds.get(bounds.size() - 1).atOffset(ZoneOffset.UTC))
        .setFetchSize(5000)
        .map((rs, ctx) -> add(rs, source.codes(), hold, now))
        .forEach(added -> {});
  }

  /** Number of the bucket in which an instant lies, the first for those before. */
  private int bucket(Instant at) {
    int found = Collections.binarySearch(bounds, at);
    return Math.max(0, found >= 0 ? found : -found - 2);
  }

  private boolean add(ResultSet rs, Set<Integer> codes, Duration hold, Instant now)
      throws SQLException {
    Integer state = rs.getObject("state", Integer.class);
    if (state == null) {
      return false;
    }
    Instant from = rs.getTimestamp("ts").toInstant();
    Instant until = from.plus(hold);
    if (rs.getTimestamp("next") != null && rs.getTimestamp("next").toInstant().isBefore(until)) {
      until = rs.getTimestamp("next").toInstant();
    }
    until = until.isAfter(now) ? now : until;
    for (int i = bucket(from); i < known.length && bounds.get(i).isBefore(until); i++) {
      long begin = Math.max(from.toEpochMilli(), bounds.get(i).toEpochMilli());
      long end = Math.min(until.toEpochMilli(), bounds.get(i + 1).toEpochMilli());
      known[i] += Math.max(0, end - begin);
      running[i] += codes.contains(state) ? Math.max(0, end - begin) : 0;
    }
    return true;
  }

  private List<Share> shares() {
    List<Share> shares = new ArrayList<>();
    for (int i = 0; i < known.length; i++) {
      shares.add(new Share(running[i], known[i]));
    }
    return shares;
  }

  /** Of several points together, by bucket. */
  static List<Share> sum(
      Collection<Source> sources, Map<Integer, List<Share>> shares, int buckets) {
    List<Share> sums = new ArrayList<>();
    for (int i = 0; i < buckets; i++) {
      Share sum = Share.NONE;
      for (Source s : sources) {
        sum = sum.plus(Objects.requireNonNull(shares.get(s.point().id())).get(i));
      }
      sums.add(sum);
    }
    return sums;
  }
}
