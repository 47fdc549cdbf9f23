package io.plantroom.simulator.play;

import io.plantroom.profile.Signal;

/** On and off in turns; where in the turn a device begins is its own. */
final class CycleCourse implements Course {
  private final long on;
  private final long turn;
  private final long shift;

  CycleCourse(Signal.Cycle cycle, Chance device) {
    this.on = cycle.on().toMillis();
    this.turn = Math.max(1, on + cycle.off().toMillis());
    this.shift = device.below(turn, 2);
  }

  @Override
  public double at(long millis) {
    return (millis + shift) % turn < on ? 1 : 0;
  }

  /** Exact, also for turns that are shorter than the grid. */
  @Override
  public Tally rises() {
    return new Tally(
        step ->
            on == 0
                ? 0
                : Tally.ONE
                    * (((step + 1) * GRID_MILLIS + shift) / turn
                        - (step * GRID_MILLIS + shift) / turn));
  }
}
