package io.plantroom.hub.analysis;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the hours and nights of a water register tell of leaks. Hours that were not measured
 * throughout neither raise nor clear a suspicion.
 */
final class WaterFlow {
  /** So many nights must have been measured before they tell something. */
  private static final int ENOUGH_NIGHTS = 3;

  private static final long HOUR = 3_600_000;

  private WaterFlow() {}

  /**
   * Hours in which nobody should draw water, and for how long it may run without a pause.
   *
   * @param end later on the same day
   */
  record Limits(LocalTime start, LocalTime end, int hours) {}

  /**
   * One night.
   *
   * @param volume between start and end; null when not known
   * @param least the least hour of it; null unless all of it was measured
   */
  record Night(LocalDate day, @Nullable BigDecimal volume, @Nullable BigDecimal least) {}

  /**
   * A register.
   *
   * @param leastNight flow per hour below which no measured night fell; null when too few were
   * @param average flow per hour over all measured hours; null when there is none
   * @param nightShare the one in the other
   * @param runningHours measured hours since the last hour without flow
   * @param runningSince when the first of them began
   * @param continuous water has run for longer than allowed
   * @param nightFlow water ran in every hour of every night
   */
  record Finding(
      Register register,
      List<Night> nights,
      @Nullable BigDecimal leastNight,
      @Nullable BigDecimal average,
      @Nullable BigDecimal nightShare,
      int runningHours,
      @Nullable Instant runningSince,
      boolean continuous,
      boolean nightFlow) {}

  /** The full hours of the period, cut also where nights begin and end, up to now. */
  static List<Instant> bounds(Period period, Limits limits, ZoneId zone, Instant now) {
    TreeSet<Instant> all = new TreeSet<>(Step.HOUR.bounds(period.from(), period.until(), zone));
    for (LocalDate day = period.from(); !day.isAfter(period.to()); day = day.plusDays(1)) {
      all.add(day.atTime(limits.start()).atZone(zone).toInstant());
      all.add(day.atTime(limits.end()).atZone(zone).toInstant());
    }
    List<Instant> past = new ArrayList<>(all.headSet(now, true));
    return past.size() < 2 ? new ArrayList<>(all).subList(0, 2) : past;
  }

  static Finding of(
      Register register,
      Curve curve,
      List<Instant> bounds,
      Period period,
      Limits limits,
      ZoneId zone) {
    BigDecimal sum = BigDecimal.ZERO;
    long measured = 0;
    long running = 0;
    Instant since = null;
    for (int i = 0; i + 1 < bounds.size(); i++) {
      Use use = curve.use(i, i + 1);
      BigDecimal amount = use.amount();
      if (amount == null || !use.measured()) {
        continue;
      }
      sum = sum.add(amount);
      measured += use.knownMillis();
      if (amount.signum() == 0) {
        running = 0;
        since = null;
      } else {
        running += use.knownMillis();
        since = since == null ? bounds.get(i) : since;
      }
    }
    List<Night> nights = nights(curve, bounds, period, limits, zone);
    List<BigDecimal> least = new ArrayList<>();
    for (Night night : nights) {
      if (night.least() != null) {
        least.add(night.least());
      }
    }
    BigDecimal lowest =
        least.size() < ENOUGH_NIGHTS ? null : least.stream().reduce(BigDecimal::min).orElseThrow();
    BigDecimal average = measured == 0 ? null : perHour(sum, measured);
    return new Finding(
        register,
        nights,
        lowest,
        average,
        lowest == null || average == null || average.signum() == 0
            ? null
            : lowest.divide(average, 3, RoundingMode.HALF_UP),
        (int) (running / HOUR),
        since,
        running >= limits.hours() * HOUR,
        lowest != null && lowest.signum() > 0);
  }

  private static List<Night> nights(
      Curve curve, List<Instant> bounds, Period period, Limits limits, ZoneId zone) {
    List<Night> nights = new ArrayList<>();
    for (LocalDate day = period.from(); !day.isAfter(period.to()); day = day.plusDays(1)) {
      int first = bounds.indexOf(day.atTime(limits.start()).atZone(zone).toInstant());
      int last = bounds.indexOf(day.atTime(limits.end()).atZone(zone).toInstant());
      if (first < 0 || last <= first) {
        continue;
      }
      Use whole = curve.use(first, last);
      BigDecimal least = null;
      boolean measured = whole.measured();
      for (int i = first; measured && i < last; i++) {
        Use hour = curve.use(i, i + 1);
        measured = hour.measured();
        BigDecimal amount = hour.amount();
        if (amount != null && measured) {
          BigDecimal flow = perHour(amount, hour.knownMillis());
          least = least == null ? flow : least.min(flow);
        }
      }
      nights.add(new Night(day, whole.amount(), measured ? least : null));
    }
    return nights;
  }

  private static BigDecimal perHour(BigDecimal amount, long millis) {
    return amount
        .multiply(BigDecimal.valueOf(HOUR))
        .divide(BigDecimal.valueOf(millis), 6, RoundingMode.HALF_UP);
  }
}
