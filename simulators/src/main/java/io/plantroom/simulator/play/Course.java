package io.plantroom.simulator.play;

/** A number that moves in time. */
@FunctionalInterface
interface Course {
  /** The grid on which counters look at their sources. */
  long GRID_MILLIS = 10_000;

  /**
   * The value.
   *
   * @param millis since the building's beginning, never negative
   */
  double at(long millis);

  /** How often this went from 0 to something else after the beginning, up to {@code millis}. */
  default Tally rises() {
    return new Tally(
        step -> at((step + 1) * GRID_MILLIS) != 0 && at(step * GRID_MILLIS) == 0 ? Tally.ONE : 0L);
  }
}
