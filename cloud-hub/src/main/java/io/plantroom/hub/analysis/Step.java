package io.plantroom.hub.analysis;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How long a bucket is, by the clock on the wall of the site. */
enum Step {
  HOUR(92),
  DAY(800),
  MONTH(3700);

  private final int mostDays;

  Step(int mostDays) {
    this.mostDays = mostDays;
  }

  /** The longest period that may be asked for in this step. */
  int mostDays() {
    return mostDays;
  }

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The bounds of all buckets of a period, in order; one more than there are buckets. A day has 23
   * or 25 hours when the clocks change.
   *
   * @param until the first day that is not in it
   */
  List<Instant> bounds(LocalDate from, LocalDate until, ZoneId zone) {
    Instant end = until.atStartOfDay(zone).toInstant();
    List<Instant> bounds = new ArrayList<>();
    for (Instant at = from.atStartOfDay(zone).toInstant(); at.isBefore(end); at = next(at, zone)) {
      bounds.add(at);
    }
    bounds.add(end);
    return bounds;
  }

  private Instant next(Instant at, ZoneId zone) {
    ZonedDateTime local = at.atZone(zone);
    return switch (this) {
      case DAY -> local.toLocalDate().plusDays(1).atStartOfDay(zone).toInstant();
      case MONTH ->
          local.toLocalDate().withDayOfMonth(1).plusMonths(1).atStartOfDay(zone).toInstant();
      case HOUR -> {
        Instant next = local.plusHours(1).truncatedTo(ChronoUnit.HOURS).toInstant();
        // Where clocks move by half an hour.
        yield next.isAfter(at) ? next : at.plus(1, ChronoUnit.HOURS);
      }
    };
  }
}
