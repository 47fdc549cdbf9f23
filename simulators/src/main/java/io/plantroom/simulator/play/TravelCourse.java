package io.plantroom.simulator.play;

import io.plantroom.profile.Signal;

/**
 * One side of a car's trips. Time is cut into equal slots of one trip each: people get in, the car
 * runs between the lobby and another floor, people get out, the car waits for the next slot. Every
 * aspect asks the same device's chance, so they agree.
 */
final class TravelCourse implements Course {
  private final Signal.Travel travel;
  private final Chance device;
  private final long perFloor;
  private final long dwell;
  private final long door;
  private final long slot;
  private final long shift;

  TravelCourse(Signal.Travel travel, Chance device) {
    this.travel = travel;
    this.device = device;
    this.perFloor = Math.max(1, travel.perFloor().toMillis());
    this.dwell = travel.dwell().toMillis();
    this.door = dwell / 5;
    this.slot = Math.max(1, 2 * dwell + Math.max(1, travel.floors() - 1) * perFloor);
    this.shift = device.below(slot, 3);
  }

  @Override
  public double at(long millis) {
    long trip = (millis + shift) / slot;
    long into = (millis + shift) % slot;
    int from = stop(trip);
    int to = stop(trip + 1);
    long run = Math.abs(to - from) * perFloor;
    boolean moving = into >= dwell && into < dwell + run;
    return switch (travel.show()) {
      case FLOOR -> floor(from, to, into);
      case MOVING -> moving ? 1 : 0;
      case DIRECTION -> !moving ? 0 : to > from ? 1 : 2;
      case DOORS_CLOSED -> open(into) || open(into - dwell - run) ? 0 : 1;
      case DOOR_ZONE -> moving ? 0 : 1;
      case PASSENGER -> device.share(2 * trip) < 0.8 && carries(into, run) ? 1 : 0;
    };
  }

  /** Every second stop is the lobby. */
  private int stop(long trip) {
    return trip % 2 == 0 || travel.floors() < 2
        ? 1
        : 2 + (int) device.below(travel.floors() - 1, 2 * trip + 1);
  }

  private int floor(int from, int to, long into) {
    long passed = Math.max(0, into - dwell) / perFloor;
    return to > from ? (int) Math.min(to, from + passed) : (int) Math.max(to, from - passed);
  }

  /** Whether the doors are not fully closed that long after the beginning of a stop. */
  private boolean open(long stopped) {
    return stopped >= door && stopped < dwell - door;
  }

  /** From the middle of the first stop to the middle of the second. */
  private boolean carries(long into, long run) {
    return into >= dwell / 2 && into < dwell + run + dwell / 2;
  }

  /** Of {@code MOVING}, the trips, each counted even when it is shorter than the grid. */
  @Override
  public Tally rises() {
    if (travel.show() != Signal.Aspect.MOVING) {
      return Course.super.rises();
    }
    return new Tally(
        step -> Tally.ONE * (begun((step + 1) * GRID_MILLIS) - begun(step * GRID_MILLIS)));
  }

  private long begun(long millis) {
    return Math.floorDiv(millis + shift - dwell, slot);
  }
}
