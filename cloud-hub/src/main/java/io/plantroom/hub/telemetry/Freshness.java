package io.plantroom.hub.telemetry;

import java.time.Duration;
import java.time.Instant;

/**
 * Which of two samples of a point is the latest: the newer one, as far as its clock can be
 * believed. What an unsynchronised clock puts into the future never hides what a good clock said,
 * and gives way as soon as a good clock speaks.
 */
record Freshness(Instant at, boolean trusted) {
  /** Clocks that are synchronised may still differ by so much. */
  static final Duration AHEAD = Duration.ofMinutes(1);

  /** The same rule in SQL, for {@code excluded} against {@code l}; of an upsert. */
  static final String SQL =
      """
       WHERE (excluded.clock_trusted AND NOT l.clock_trusted AND l.ts > now() + interval '1 minute')
          OR (excluded.ts >= l.ts AND (excluded.clock_trusted OR NOT l.clock_trusted
                                   OR excluded.ts <= now() + interval '1 minute'))""";

  static Freshness of(StoredSample s) {
    return new Freshness(s.sample().at(), s.sample().clockTrusted());
  }

  boolean replaces(Freshness known, Instant now) {
    if (trusted && !known.trusted && known.ahead(now)) {
      return true;
    }
    return !at.isBefore(known.at) && (trusted || !known.trusted || !ahead(now));
  }

  private boolean ahead(Instant now) {
    return at.isAfter(now.plus(AHEAD));
  }
}
