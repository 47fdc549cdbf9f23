package io.plantroom.hub.analysis;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Consumption by day beside what the same days before used: the same weekday of the four weeks
 * before, the same day a month and a year before. Days of which too little is known compare with
 * nothing.
 */
final class Comparison {
  private static final int WEEKS = 4;

  /** Share of a day that must be known for it to be compared. */
  private static final double ENOUGH = 0.95;

  private Comparison() {}

  /**
   * What was used before, and by how much this is more.
   *
   * @param days of how many days it is the average
   * @param percent difference in percent of the baseline; null when there is none
   */
  record Baseline(@Nullable BigDecimal amount, int days, @Nullable BigDecimal percent) {
    private static final Baseline NONE = new Baseline(null, 0, null);
  }

  record Day(LocalDate day, Use use, Baseline weekdays, Baseline month, Baseline year) {}

  /**
   * A row of days.
   *
   * @param month the whole period a month before; from the first to the last of a month, whole
   *     months are compared
   */
  record Row(
      Consumption.Key key,
      Use total,
      Baseline weekdays,
      Baseline month,
      Baseline year,
      List<Day> days) {}

  /** Amounts by day, of one key. */
  private record Days(Map<LocalDate, Use> uses) {
    private @Nullable BigDecimal of(LocalDate day) {
      Use use = uses.get(day);
      return use == null || use.coverage() < ENOUGH ? null : use.amount();
    }
  }

  static List<Row> of(Question question) {
    Period period = question.period();
    Period recent = new Period(period.from().minusWeeks(WEEKS), period.to());
    Period month = back(period, day -> day.minusMonths(1));
    Period year = back(period, day -> day.minusYears(1));
    Map<Consumption.Key, Days> found = new LinkedHashMap<>();
    for (Period asked : List.of(recent, month, year)) {
      Consumption.Table table = Consumption.of(question.daysOf(asked), false);
      for (Consumption.Row row : table.rows()) {
        Days days = found.computeIfAbsent(row.key(), k -> new Days(new LinkedHashMap<>()));
        for (int i = 0; i < row.uses().size(); i++) {
          days.uses().put(asked.from().plusDays(i), row.uses().get(i));
        }
      }
    }
    List<Row> rows = new ArrayList<>();
    found.forEach((key, days) -> rows.add(row(key, days, period, month, year)));
    return rows;
  }

  private static Row row(Consumption.Key key, Days days, Period period, Period month, Period year) {
    List<Day> list = new ArrayList<>();
    Use total = Use.NONE;
    for (LocalDate day = period.from(); !day.isAfter(period.to()); day = day.plusDays(1)) {
      Use use = Objects.requireNonNullElse(days.uses().get(day), Use.NONE);
      total = total.plus(use);
      BigDecimal amount = days.of(day);
      list.add(
          new Day(
              day,
              use,
              weekdays(days, day, amount),
              baseline(amount, days.of(day.minusMonths(1)), 1),
              baseline(amount, days.of(day.minusYears(1)), 1)));
    }
    return new Row(
        key, total, weekdays(list), whole(days, total, month), whole(days, total, year), list);
  }

  private static Baseline weekdays(Days days, LocalDate day, @Nullable BigDecimal amount) {
    List<BigDecimal> before = new ArrayList<>();
    for (int week = 1; week <= WEEKS; week++) {
      BigDecimal one = days.of(day.minusWeeks(week));
      if (one != null) {
        before.add(one);
      }
    }
    if (before.isEmpty()) {
      return Baseline.NONE;
    }
    BigDecimal sum = before.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    return baseline(
        amount,
        sum.divide(BigDecimal.valueOf(before.size()), 6, RoundingMode.HALF_UP),
        before.size());
  }

  /** Of all days that have something to be compared with. */
  private static Baseline weekdays(List<Day> days) {
    BigDecimal now = BigDecimal.ZERO;
    BigDecimal before = BigDecimal.ZERO;
    int count = 0;
    for (Day day : days) {
      if (day.weekdays().percent() != null) {
        now = now.add(Objects.requireNonNull(day.use().amount()));
        before = before.add(Objects.requireNonNull(day.weekdays().amount()));
        count++;
      }
    }
    return count == 0 ? Baseline.NONE : baseline(now, before, count);
  }

  private static Baseline whole(Days days, Use total, Period before) {
    Use sum = Use.NONE;
    int count = 0;
    for (LocalDate day = before.from(); !day.isAfter(before.to()); day = day.plusDays(1)) {
      Use use = days.uses().get(day);
      if (use != null) {
        sum = sum.plus(use);
        count++;
      }
    }
    boolean comparable = total.coverage() >= ENOUGH && sum.coverage() >= ENOUGH;
    return comparable ? baseline(total.amount(), sum.amount(), count) : Baseline.NONE;
  }

  private static Baseline baseline(
      @Nullable BigDecimal amount, @Nullable BigDecimal before, int days) {
    if (before == null) {
      return Baseline.NONE;
    }
    BigDecimal percent =
        amount == null || before.signum() == 0
            ? null
            : amount.subtract(before).movePointRight(2).divide(before, 1, RoundingMode.HALF_UP);
    return new Baseline(before, days, percent);
  }

  /** Both ends moved, so that the first to the last of a month stays one. */
  private static Period back(Period period, UnaryOperator<LocalDate> move) {
    return new Period(move.apply(period.from()), move.apply(period.until()).minusDays(1));
  }
}
