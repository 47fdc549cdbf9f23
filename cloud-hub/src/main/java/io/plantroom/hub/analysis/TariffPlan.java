package io.plantroom.hub.analysis;

import io.plantroom.hub.http.ApiException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which hours of which months belong to which tariff band, from a day on.
 *
 * @param validFrom day of the site, such as 2026-01-01
 * @param otherwise band of the hours that no rule names
 * @param withdrawn true when it is as if there were no plan from that day on; else null
 */
record TariffPlan(
    String medium,
    String validFrom,
    String otherwise,
    List<Rule> rules,
    @Nullable Boolean withdrawn) {
  /** What an hour belongs to before the first plan. */
  static final String NONE = "none";

  private static final String END = "24:00";

  TariffPlan {
    rules = rules == null ? List.of() : List.copyOf(rules);
    withdrawn = Boolean.TRUE.equals(withdrawn) ? withdrawn : null;
  }

  /**
   * Hours of a band; the first rule that names an hour decides.
   *
   * @param months 1 to 12; all when empty
   * @param days such as {@code saturday}; all when empty
   * @param from such as 08:00
   * @param to such as 11:30 or 24:00, which is not in it any more
   */
  record Rule(
      String band,
      @Nullable List<Integer> months,
      @Nullable List<String> days,
      String from,
      String to) {

    boolean on(LocalDate day) {
      return (months == null || months.isEmpty() || months.contains(day.getMonthValue()))
          && (days == null || days.isEmpty() || days.contains(name(day.getDayOfWeek())));
    }

    int begin() {
      return minute(from);
    }

    int finish() {
      return minute(to);
    }

    private static String name(DayOfWeek day) {
      return day.name().toLowerCase(Locale.ROOT);
    }

    private static int minute(String time) {
      return time.equals(END) ? 24 * 60 : LocalTime.parse(time).toSecondOfDay() / 60;
    }
  }

  LocalDate since() {
    return Period.day("validFrom", validFrom);
  }

  /** Refuses what the contract cannot express. */
  TariffPlan checked() {
    since();
    for (int i = 0; i < rules.size(); i++) {
      Rule r = rules.get(i);
      if (r.begin() >= r.finish()) {
        throw ApiException.badRequest(
            "rules[" + i + "]",
            "开始时间（from）须早于结束时间（to）；跨午夜的时段请拆成两条，例如 22:00–24:00 与 00:00–06:00",
            "from must be before to; split hours across midnight in two, such as 22:00-24:00 and"
                + " 00:00-06:00");
      }
    }
    return this;
  }

  /** Adds from when on which band holds on a day. */
  private void day(LocalDate day, ZoneId zone, NavigableMap<Instant, String> into) {
    TreeSet<Integer> edges = new TreeSet<>(List.of(0));
    List<Rule> mine = rules.stream().filter(r -> r.on(day)).toList();
    mine.forEach(r -> edges.addAll(List.of(r.begin(), r.finish())));
    edges.remove(24 * 60);
    for (int minute : edges) {
      String band =
          mine.stream()
              .filter(r -> r.begin() <= minute && minute < r.finish())
              .findFirst()
              .map(Rule::band)
              .orElse(otherwise);
      into.put(day.atTime(LocalTime.ofSecondOfDay(minute * 60L)).atZone(zone).toInstant(), band);
    }
  }

  /**
   * From when on which band holds in a period.
   *
   * @param plans of one medium, in the order of their first days
   */
  static NavigableMap<Instant, String> bands(List<TariffPlan> plans, Period period, ZoneId zone) {
    NavigableMap<Instant, String> bands = new TreeMap<>();
    for (LocalDate day = period.from(); !day.isAfter(period.to()); day = day.plusDays(1)) {
      TariffPlan valid = null;
      for (TariffPlan plan : plans) {
        valid = plan.since().isAfter(day) ? valid : plan;
      }
      if (valid == null) {
        bands.put(day.atStartOfDay(zone).toInstant(), NONE);
      } else {
        valid.day(day, zone, bands);
      }
    }
    return bands;
  }
}
