package io.plantroom.bench.query;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a person at the console asks for most of a site with a {@link History}.
 *
 * @param to end of the last day
 */
record Questions(Instant to) {
  static final int DAYS = 30;
  private static final int TIMES = 15;

  Instant from() {
    return to.minus(DAYS, ChronoUnit.DAYS);
  }

  /** The newest value of every point of the site. */
  Timing latest(HubUnderTest hub) throws Exception {
    return hub.timing(TIMES, "/sites/bench/latest");
  }

  /** A day of one point, drawn 2,000 pixels wide, from its samples. */
  Timing day(HubUnderTest hub) throws Exception {
    String day = "from=%s&to=%s".formatted(to.minus(1, ChronoUnit.DAYS), to);
    return hub.timing(TIMES, "/points/7/series?buckets=2000&" + day);
  }

  /** Thirty days of a hundred points by the hour, from rollups. */
  Timing month(HubUnderTest hub) throws Exception {
    String points =
        IntStream.rangeClosed(1, History.BUSY)
            .mapToObj(String::valueOf)
            .collect(Collectors.joining(","));
    return hub.timing(
        TIMES, "/sites/bench/series?step=1h&from=%s&to=%s&points=%s".formatted(from(), to, points));
  }
}
