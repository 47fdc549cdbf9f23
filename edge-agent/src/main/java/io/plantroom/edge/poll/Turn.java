package io.plantroom.edge.poll;

/** A device's place on its bus. Confined to the engine's thread. */
final class Turn {
  final DevicePoller poller;

  /** When the poll was due that is under way or comes next, by {@link System#nanoTime()}. */
  long due;

  /** How much of the bus it has had, in nanoseconds; who has had least goes first. */
  long used;

  /** Grows when {@code due} is set anew; what was scheduled before does not count then. */
  int ticket;

  boolean removed;

  /** What the period that now runs is longer than usual, in nanoseconds. */
  long stretch;

  Turn(DevicePoller poller, long due, long stretch) {
    this.poller = poller;
    this.due = due;
    this.stretch = stretch;
  }
}
