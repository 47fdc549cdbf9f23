package io.plantroom.hub.database;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;

/**
 * How far the primary's log had come when: so that a replica's position tells of which instant it
 * is, by this machine's clock alone, and also while nothing is written. Not thread-safe.
 */
final class Positions {
  private static final int MOST = 3_600;

  private final Deque<Position> noted = new ArrayDeque<>();

  /** At this time of {@link System#nanoTime} all up to this place of the log was written. */
  private record Position(long nanos, long written) {}

  /** Asked of the primary after {@code nanos}. */
  void note(long nanos, long written) {
    // Another server has taken over: what this one never wrote does not count any more.
    while (!noted.isEmpty() && noted.getLast().written() > written) {
      noted.removeLast();
    }
    if (!noted.isEmpty() && noted.getLast().written() == written) {
      noted.removeLast();
    }
    noted.add(new Position(nanos, written));
    if (noted.size() > MOST) {
      noted.removeFirst();
    }
  }

  /** A replica that has replayed this much knows all that was written at the time returned. */
  OptionalLong asOf(long replayed) {
    OptionalLong found = OptionalLong.empty();
    for (Position p : noted) {
      if (p.written() > replayed) {
        break;
      }
      found = OptionalLong.of(p.nanos());
    }
    return found;
  }
}
