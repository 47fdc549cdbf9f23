package io.plantroom.hub.rollup;

import java.time.Instant;
import java.util.List;

/**
 * What is to be made anew of one hour of one site. Times of points are minutes after the hour,
 * which may lie before it or after its end.
 *
 * @param states whether it is about states, else about numbers
 */
record Dirty(Instant hour, boolean states, List<Range> ranges) {

  /** Minutes of a point in which a sample has come: from {@code low} to before {@code high}. */
  record Range(int point, int low, int high) {
    Range and(Range other) {
      return new Range(point, Math.min(low, other.low), Math.max(high, other.high));
    }
  }

  int minutes() {
    return ranges.stream().mapToInt(r -> r.high() - r.low()).sum();
  }
}
