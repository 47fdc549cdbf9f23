package io.plantroom.hub.analysis;

import io.plantroom.hub.analysis.Register.Counter;
import io.plantroom.hub.analysis.RunTime.Share;
import io.plantroom.hub.analysis.RunTime.Source;
import io.plantroom.hub.analysis.Settings.PumpGroup;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What pumps need for each cubic metre, and how much they are used. */
final class Pumps {
  /** Days before the period with which it is compared. */
  private static final int BASELINE_DAYS = 28;

  /** So much more energy for a cubic metre than before is worth a look. */
  private static final BigDecimal DRIFT = new BigDecimal(15);

  private static final BigDecimal MILLIS = BigDecimal.valueOf(3_600_000);

  private Pumps() {}

  /**
   * A bucket, or the whole period.
   *
   * @param energy in kWh
   * @param volume in m³
   * @param specific kWh per m³; null unless both are known of the same time
   * @param run all pumps of the group together
   * @param load average power as a share of the power by the plates; null without that
   */
  record Measured(
      Use energy,
      Use volume,
      @Nullable BigDecimal specific,
      Share run,
      @Nullable BigDecimal load) {}

  /**
   * A group.
   *
   * @param before specific energy of the four weeks before
   * @param percent by how much it is more now
   */
  record Row(
      PumpGroup group,
      Measured total,
      List<Measured> values,
      @Nullable BigDecimal before,
      @Nullable BigDecimal percent) {
    boolean drifted() {
      return percent != null && percent.compareTo(DRIFT) >= 0;
    }
  }

  static List<Row> of(
      Handle handle,
      Map<String, SitePoint> points,
      List<PumpGroup> groups,
      List<Instant> bounds,
      Instant now) {
    List<Instant> all = new ArrayList<>(bounds);
    all.add(0, bounds.get(0).minusSeconds(BASELINE_DAYS * 86_400L));
    List<Counter> counters = new ArrayList<>();
    List<Source> sources = new ArrayList<>();
    for (PumpGroup g : groups) {
      named(points, g.energy()).forEach(p -> counters.add(p.counter()));
      named(points, g.volume()).forEach(p -> counters.add(p.counter()));
      sources.addAll(sources(points, g));
    }
    Map<Integer, Curve> curves = Curves.read(handle, counters, all, now);
    Map<Integer, List<Share>> shares = RunTime.of(handle, sources, bounds, now);
    return groups.stream().map(g -> row(points, g, curves, shares, all)).toList();
  }

  private static Row row(
      Map<String, SitePoint> points,
      PumpGroup group,
      Map<Integer, Curve> curves,
      Map<Integer, List<Share>> shares,
      List<Instant> all) {
    List<SitePoint> energy = named(points, group.energy());
    List<SitePoint> volume = named(points, group.volume());
    List<Share> run = RunTime.sum(sources(points, group), shares, all.size() - 2);
    List<Measured> values = new ArrayList<>();
    for (int i = 1; i + 1 < all.size(); i++) {
      Use e = sum(energy, curves, "kWh", i, i + 1);
      Use v = sum(volume, curves, "m3", i, i + 1);
      values.add(measured(group, e, v, run.get(i - 1)));
    }
    int last = all.size() - 1;
    Measured total =
        measured(
            group,
            sum(energy, curves, "kWh", 1, last),
            sum(volume, curves, "m3", 1, last),
            run.stream().reduce(Share.NONE, Share::plus));
    BigDecimal before = specific(sum(energy, curves, "kWh", 0, 1), sum(volume, curves, "m3", 0, 1));
    BigDecimal now = total.specific();
    BigDecimal percent =
        now == null || before == null || before.signum() == 0
            ? null
            : now.subtract(before).movePointRight(2).divide(before, 1, RoundingMode.HALF_UP);
    return new Row(group, total, values, before, percent);
  }

  private static Measured measured(PumpGroup group, Use energy, Use volume, Share run) {
    BigDecimal amount = energy.amount();
    BigDecimal rated = group.ratedKw();
    BigDecimal load =
        amount == null || rated == null || energy.knownMillis() == 0
            ? null
            : amount
                .multiply(MILLIS)
                .multiply(BigDecimal.valueOf(Math.max(1, group.energy().size())))
                .divide(
                    rated.multiply(BigDecimal.valueOf(energy.knownMillis())),
                    3,
                    RoundingMode.HALF_UP);
    return new Measured(energy, volume, specific(energy, volume), run, load);
  }

  /** Only of what is known of both for nearly all of the time. */
  private static @Nullable BigDecimal specific(Use energy, Use volume) {
    BigDecimal e = energy.amount();
    BigDecimal v = volume.amount();
    boolean apart = Math.abs(energy.coverage() - volume.coverage()) > 0.02;
    return e == null || v == null || v.signum() == 0 || apart
        ? null
        : e.divide(v, 4, RoundingMode.HALF_UP);
  }

  private static Use sum(
      List<SitePoint> points, Map<Integer, Curve> curves, String unit, int first, int last) {
    Use sum = Use.NONE;
    for (SitePoint p : points) {
      BigDecimal factor = p.factor(unit);
      if (factor != null) {
        sum = sum.plus(Objects.requireNonNull(curves.get(p.id())).use(first, last).times(factor));
      }
    }
    return sum;
  }

  private static List<Source> sources(Map<String, SitePoint> points, PumpGroup group) {
    List<Source> sources = new ArrayList<>();
    for (Settings.Running r : group.running()) {
      SitePoint point = points.get(r.pointId());
      if (point != null) {
        sources.add(new Source(point, Set.copyOf(r.codes())));
      }
    }
    return sources;
  }

  private static List<SitePoint> named(Map<String, SitePoint> points, List<String> ids) {
    List<SitePoint> named = new ArrayList<>();
    for (String id : ids) {
      SitePoint point = points.get(id);
      if (point != null) {
        named.add(point);
      }
    }
    return named;
  }
}
