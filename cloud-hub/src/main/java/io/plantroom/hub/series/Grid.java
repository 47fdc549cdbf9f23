package io.plantroom.hub.series;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/**
 * A stretch of time in steps: of equal length, or of whole days of the site.
 *
 * @param from begin of the first step, at or before what was asked for
 * @param to end of what was asked for
 * @param source the coarsest table that can fill the steps
 * @param step seconds; of days, 86,400 for each
 */
record Grid(Instant from, Instant to, Resolution source, long step, ZoneId zone) {

  /** So many steps at most. */
  static Grid fit(Instant from, Instant to, int steps, ZoneId zone) {
    long millis = Duration.between(from, to).toMillis();
    long seconds = Math.max(1, (millis + steps * 1000L - 1) / (steps * 1000L));
    Resolution source = Resolution.within(seconds);
    long unit = Math.max(1, source.seconds());
    return of(from, to, source, (seconds + unit - 1) / unit * unit, zone);
  }

  /** The steps of one table. */
  static Grid of(Instant from, Instant to, Resolution source, ZoneId zone) {
    return of(from, to, source, source.seconds(), zone);
  }

  /** The same time in steps that a coarser table can fill. */
  Grid coarser(Resolution table) {
    long unit = Math.max(1, table.seconds());
    return of(from, to, table, (step + unit - 1) / unit * unit, zone);
  }

  private static Grid of(Instant from, Instant to, Resolution source, long step, ZoneId zone) {
    Instant begin =
        switch (source) {
          case RAW -> from;
          case DAY -> LocalDate.ofInstant(from, zone).atStartOfDay(zone).toInstant();
          default ->
              Instant.ofEpochSecond(
                  Math.floorDiv(from.getEpochSecond(), source.seconds()) * source.seconds());
        };
    return new Grid(begin, to, source, step, zone);
  }

  /** How many steps there are. */
  int size() {
    return to.isAfter(from) ? index(to.toEpochMilli() - 1) + 1 : 0;
  }

  /** The step of a time, which may lie outside. */
  int index(long millis) {
    if (source == Resolution.DAY) {
      LocalDate first = LocalDate.ofInstant(from, zone);
      LocalDate day = LocalDate.ofInstant(Instant.ofEpochMilli(millis), zone);
      return (int) Math.floorDiv(ChronoUnit.DAYS.between(first, day), step / 86_400);
    }
    return (int) Math.floorDiv(millis - from.toEpochMilli(), step * 1000);
  }

  Instant start(int index) {
    return source == Resolution.DAY
        ? LocalDate.ofInstant(from, zone)
            .plusDays(index * (step / 86_400))
            .atStartOfDay(zone)
            .toInstant()
        : from.plusSeconds(index * step);
  }
}
