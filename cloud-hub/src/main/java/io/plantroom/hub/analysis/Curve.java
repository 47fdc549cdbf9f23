package io.plantroom.hub.analysis;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A register over time as a line that never falls, known at the bounds of a period. Between two
 * samples it is straight. Each bound has one value, so buckets always add up to the whole.
 */
final class Curve {
  /** Longest silence between two samples that counts as measured, unless the gateway says more. */
  private static final Duration USUAL_GAP = Duration.ofHours(1);

  /** Over a longer silence nothing is spread. */
  static final Duration LONGEST_GAP = Duration.ofDays(40);

  private static final BigDecimal NEARLY_FULL = new BigDecimal("0.9");
  private static final BigDecimal NEARLY_EMPTY = new BigDecimal("0.1");

  private final List<Bound> bounds;
  private final List<Lift> lifts;
  private final Duration shortGap;
  private final int scale;
  private final Instant now;

  /** A good sample. */
  record Sample(Instant ts, BigDecimal value, boolean clockTrusted) {}

  /**
   * The last sample at or before an instant, and the first at or after it: one when it is at it.
   */
  record Bound(Instant at, @Nullable Sample before, @Nullable Sample after) {}

  /** Two samples of which the second shows less. */
  record Fall(Instant prevTs, BigDecimal prevValue, Instant ts, BigDecimal value) {}

  /** By how much everything from here on is lifted. */
  private record Lift(Instant since, Instant ts, BigDecimal by, boolean rollover) {}

  /** What is known at a bound for the bucket that ends there, and for the one that begins. */
  private record Known(
      @Nullable BigDecimal end,
      Instant until,
      @Nullable BigDecimal start,
      Instant from,
      boolean spread,
      boolean doubtful) {}

  /**
   * @param digits before the decimal point, to tell a rollover from a reset; null when not known
   * @param silenceSeconds longest silence of the point while all is well; null when not announced
   */
  Curve(
      List<Bound> bounds,
      List<Fall> falls,
      @Nullable Integer digits,
      @Nullable Integer decimals,
      @Nullable Integer silenceSeconds,
      Instant now) {
    this.bounds = List.copyOf(bounds);
    this.lifts = falls.stream().map(f -> lift(f, digits)).toList();
    Duration announced = Duration.ofSeconds(silenceSeconds == null ? 0 : silenceSeconds * 5L / 4);
    this.shortGap = announced.compareTo(USUAL_GAP) > 0 ? announced : USUAL_GAP;
    this.scale = (decimals == null ? 3 : decimals) + 3;
    this.now = now;
  }

  /** A meter that has come to its end begins at 0 again; another step down is a new beginning. */
  private static Lift lift(Fall fall, @Nullable Integer digits) {
    if (digits != null) {
      BigDecimal full = BigDecimal.TEN.pow(digits);
      if (fall.prevValue().compareTo(full.multiply(NEARLY_FULL)) >= 0
          && fall.prevValue().compareTo(full) <= 0
          && fall.value().compareTo(full.multiply(NEARLY_EMPTY)) <= 0) {
        return new Lift(fall.prevTs(), fall.ts(), full, true);
      }
    }
    return new Lift(fall.prevTs(), fall.ts(), fall.prevValue().subtract(fall.value()), false);
  }

  /** Between two bounds, by their numbers. */
  Use use(int first, int last) {
    Instant begin = bounds.get(first).at();
    Instant finish = bounds.get(last).at();
    long wanted = Math.max(0, millis(begin, finish.isBefore(now) ? finish : now));
    Known a = known(bounds.get(first));
    Known b = known(bounds.get(last));
    if (a.start() == null
        || b.end() == null
        || !a.from().isBefore(finish)
        || !b.until().isAfter(begin)
        || a.from().isAfter(b.until())) {
      return Use.unknown(wanted);
    }
    BigDecimal amount = b.end().subtract(a.start()).max(BigDecimal.ZERO);
    long known = millis(a.from(), b.until());
    int resets = 0;
    for (Lift lift : lifts) {
      if (!lift.rollover() && lift.ts().isAfter(begin) && lift.since().isBefore(finish)) {
        known -= millis(later(lift.since(), a.from()), earlier(lift.ts(), b.until()));
        resets += lift.ts().isAfter(finish) ? 0 : 1;
      }
    }
    return new Use(
        amount,
        estimated(first, last, a, b, amount),
        Math.max(0, Math.min(known, wanted)),
        wanted,
        resets);
  }

  private BigDecimal estimated(int first, int last, Known a, Known b, BigDecimal amount) {
    Sample next = bounds.get(first).after();
    if (a.doubtful() || b.doubtful()) {
      return amount;
    }
    if (a.spread() && next != null && !next.ts().isBefore(bounds.get(last).at())) {
      return amount;
    }
    List<BigDecimal> parts = new ArrayList<>();
    if (a.spread() && next != null && a.start() != null) {
      parts.add(lifted(next).subtract(a.start()));
    }
    Sample before = bounds.get(last).before();
    if (b.spread() && before != null && b.end() != null) {
      parts.add(b.end().subtract(lifted(before)));
    }
    return parts.stream().reduce(BigDecimal.ZERO, BigDecimal::add).min(amount);
  }

  private Known known(Bound bound) {
    Sample l = bound.before();
    Sample r = bound.after();
    Instant at = bound.at();
    boolean doubtful = doubted(l) || doubted(r);
    if (l != null && r != null && millis(l.ts(), r.ts()) <= LONGEST_GAP.toMillis()) {
      BigDecimal value = between(l, r, at);
      boolean spread = millis(l.ts(), r.ts()) > shortGap.toMillis();
      return new Known(value, at, value, at, spread, doubtful);
    }
    return new Known(
        l == null ? null : lifted(l),
        l == null ? at : l.ts(),
        r == null ? null : lifted(r),
        r == null ? at : r.ts(),
        false,
        doubtful);
  }

  private static boolean doubted(@Nullable Sample sample) {
    return sample != null && !sample.clockTrusted();
  }

  private BigDecimal between(Sample l, Sample r, Instant at) {
    BigDecimal low = lifted(l);
    long whole = millis(l.ts(), r.ts());
    if (whole == 0 || l.ts().equals(at)) {
      return low;
    }
    BigDecimal part =
        lifted(r)
            .subtract(low)
            .multiply(BigDecimal.valueOf(millis(l.ts(), at)))
            .divide(BigDecimal.valueOf(whole), scale, RoundingMode.HALF_UP);
    return low.add(part);
  }

  private BigDecimal lifted(Sample sample) {
    BigDecimal value = sample.value();
    for (Lift lift : lifts) {
      if (!lift.ts().isAfter(sample.ts())) {
        value = value.add(lift.by());
      }
    }
    return value;
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  private static long millis(Instant from, Instant to) {
    return to.toEpochMilli() - from.toEpochMilli();
  }
}
