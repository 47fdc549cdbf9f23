package io.plantroom.hub.analysis;

import io.plantroom.hub.http.ApiException;
import io.plantroom.hub.http.Call;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Days of a site, both in it. */
record Period(LocalDate from, LocalDate to) {

  /** As asked for, else the last days up to today. */
  static Period of(Call call, Instant now, ZoneId zone, int usualDays, int mostDays) {
    String last = call.query("to");
    LocalDate to = last == null ? LocalDate.ofInstant(now, zone) : day("to", last);
    String first = call.query("from");
    LocalDate from = first == null ? to.minusDays(usualDays - 1L) : day("from", first);
    if (from.isAfter(to)) {
      throw ApiException.badRequest("from", "不能晚于 to", "must not be after to");
    }
    if (ChronoUnit.DAYS.between(from, to) >= mostDays) {
      throw ApiException.badRequest(
          "from",
          "这种粒度最多查询 " + mostDays + " 天，请缩短时间或改用更粗的粒度",
          "at most " + mostDays + " days at this step; take fewer days or a longer step");
    }
    return new Period(from, to);
  }

  static LocalDate day(String field, @Nullable String text) {
    try {
      return LocalDate.parse(String.valueOf(text));
    } catch (DateTimeException e) {
      throw ApiException.badRequest(
          field, "应为日期，例如 2026-11-01", "expected a day such as 2026-11-01");
    }
  }

  /** Its days, as in the name of a file. */
  @Override
  public String toString() {
    return from + "-" + to;
  }

  /** The first day behind it. */
  LocalDate until() {
    return to.plusDays(1);
  }

  Instant begin(ZoneId zone) {
    return from.atStartOfDay(zone).toInstant();
  }

  Instant end(ZoneId zone) {
    return until().atStartOfDay(zone).toInstant();
  }
}
