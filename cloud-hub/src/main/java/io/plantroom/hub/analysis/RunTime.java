package io.plantroom.hub.analysis;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
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
 * most for as long as its gateway may be silent, and a quarter more; then it is not known. Where
 * the samples are gone, and over long periods, the rollups of states say the same.
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

  private static final String ROLLUPS =
      """
      SELECT bucket, state, ms FROM %s
       WHERE point_id = :point AND bucket >= :from AND bucket < :to""";

  /**
   * From when on all samples of a point are there; nothing for points of which none were deleted.
   */
  private static final String KEPT =
      """
      SELECT p.id, k.kept_from FROM point p JOIN device d ON d.id = p.device_id
        JOIN gateway g ON g.id = d.gateway_id
        JOIN retention_horizon k
          ON k.site_id = g.site_id AND k.class = p.class AND k.data = 'telemetry_state'
       WHERE p.id = ANY (:points)""";

  /** Over more than this the samples would be too many. */
  private static final Duration BY_SAMPLES = Duration.ofDays(62);

  private static final Duration HOUR = Duration.ofHours(1);

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
    Map<Integer, Instant> kept = kept(handle, sources);
    Map<Integer, List<Share>> shares = new HashMap<>();
    for (Source source : sources) {
      RunTime time = new RunTime(bounds);
      Duration hold = hold(source.point());
      Instant edge = time.edge(kept.get(source.point().id()), hold);
      time.rollups(handle, source, edge);
      time.samples(handle, source, edge, hold, now);
      shares.put(source.point().id(), time.shares());
    }
    return shares;
  }

  private static Map<Integer, Instant> kept(Handle handle, Collection<Source> sources) {
    Map<Integer, Instant> kept = new HashMap<>();
    handle
        .createQuery(KEPT)
        .bindArray("points", Integer.class, sources.stream().map(s -> s.point().id()).toArray())
        .map((rs, ctx) -> Map.entry(rs.getInt("id"), rs.getTimestamp("kept_from").toInstant()))
        .forEach(e -> kept.put(e.getKey(), e.getValue()));
    return kept;
  }

  private static Duration hold(SitePoint point) {
    Integer silence = point.silenceSeconds();
    Duration announced = Duration.ofSeconds((silence == null ? USUAL_SILENCE : silence) * 5L / 4);
    return announced.compareTo(LONGEST) < 0 ? announced : LONGEST;
  }

  /**
   * From where on the samples are asked; what lies before is asked of the rollups. A bucket of a
   * rollup must not lie across it, nor across a bound.
   */
  private Instant edge(@Nullable Instant kept, Duration hold) {
    Instant begin = bounds.get(0);
    Instant end = bounds.get(bounds.size() - 1);
    if (!byHours() && !byDays()) {
      return begin;
    }
    if (Duration.between(begin, end).compareTo(BY_SAMPLES) > 0) {
      return end;
    }
    Instant whole = kept == null ? begin : kept.plus(hold);
    if (!whole.isAfter(begin)) {
      return begin;
    }
    if (byHours()) {
      Instant hour = whole.truncatedTo(ChronoUnit.HOURS);
      Instant next = hour.equals(whole) ? hour : hour.plus(HOUR);
      return next.isBefore(end) ? next : end;
    }
    return bounds.stream().filter(b -> !b.isBefore(whole)).findFirst().orElse(end);
  }

  private boolean byHours() {
    return bounds.stream().allMatch(b -> b.truncatedTo(ChronoUnit.HOURS).equals(b));
  }

  /** Buckets of days or months, which begin at midnight of the site as the rollups of days do. */
  private boolean byDays() {
    return Duration.between(bounds.get(0), bounds.get(1)).compareTo(HOUR.multipliedBy(22)) > 0;
  }

  private void rollups(Handle handle, Source source, Instant edge) {
    if (!edge.isAfter(bounds.get(0))) {
      return;
    }
    handle
        .createQuery(ROLLUPS.formatted(byHours() ? "rollup_state_1h" : "rollup_state_1d"))
        .bind("point", source.point().id())
        .bind("from", bounds.get(0).atOffset(ZoneOffset.UTC))
        .bind("to", edge.atOffset(ZoneOffset.UTC))
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

  private void samples(Handle handle, Source source, Instant edge, Duration hold, Instant now) {
    Instant end = bounds.get(bounds.size() - 1);
    if (!edge.isBefore(end)) {
      return;
    }
    handle
        .createQuery(STATES)
        .bind("point", source.point().id())
        .bind("from", edge.minus(hold).atOffset(ZoneOffset.UTC))
        .bind("to", end.atOffset(ZoneOffset.UTC))
        .setFetchSize(5000)
        .map((rs, ctx) -> add(rs, source.codes(), hold, edge, now))
        .forEach(added -> {});
  }

  /** Number of the bucket in which an instant lies, the first for those before. */
  private int bucket(Instant at) {
    int found = Collections.binarySearch(bounds, at);
    return Math.max(0, found >= 0 ? found : -found - 2);
  }

  private boolean add(ResultSet rs, Set<Integer> codes, Duration hold, Instant edge, Instant now)
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
      Instant since = bounds.get(i).isBefore(edge) ? edge : bounds.get(i);
      long begin = Math.max(from.toEpochMilli(), since.toEpochMilli());
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
