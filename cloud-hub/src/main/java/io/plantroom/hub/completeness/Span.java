package io.plantroom.hub.completeness;

import java.time.Duration;
import java.time.Instant;

/**
 * A stretch of time in slots. Most points report at least every five minutes even when nothing
 * changes, so each slot holds a sample of them when all is well; {@link Known#slotsBeyond} minds
 * those that report less often.
 *
 * @param slots how many of them have passed wholly
 */
record Span(Instant from, int slots) {
  /** Twice the longest silence of a healthy point. */
  static final Duration SLOT = Duration.ofMinutes(10);

  /** What has passed of a stretch by now. */
  static Span of(Instant from, Instant to, Instant now) {
    Instant end = to.isBefore(now) ? to : now;
    return new Span(from, (int) Math.max(0, Duration.between(from, end).dividedBy(SLOT)));
  }

  Instant to() {
    return start(slots);
  }

  Instant start(int slot) {
    return from.plus(SLOT.multipliedBy(slot));
  }

  /** The slot of a time, also outside of the stretch. */
  int slot(Instant at) {
    return (int) Math.floorDiv(Duration.between(from, at).toMillis(), SLOT.toMillis());
  }
}
