package io.plantroom.edge.outbox;

import io.plantroom.telemetry.Lane;

/**
 * A class of records. Each has a queue, an epoch and a share of the disk of its own, so that none
 * can take the room of a more important one, nor make it wait.
 */
public enum RecordClass {
  /** Alarms and changes of state. */
  EVENTS(Lane.EVENTS, 12.5, 0.125),
  /** What bills are made of. Goes on the telemetry lane, as a queue with its own epoch. */
  REGISTERS(Lane.TELEMETRY, 25, 0.5),
  /** Everything else. */
  TELEMETRY(Lane.TELEMETRY, 62.5, 1);

  private final Lane lane;
  private final double percent;
  private final double reserve;

  RecordClass(Lane lane, double percent, double reserve) {
    this.lane = lane;
    this.percent = percent;
    this.reserve = reserve;
  }

  public Lane lane() {
    return lane;
  }

  /** The part of the quota that is this class's alone, in bytes. */
  public long share(long quotaBytes) {
    return (long) (quotaBytes * percent / 100);
  }

  /** Free space of the disk below which this class is not taken: the least class stops first. */
  public long reserve(long reserveBytes) {
    return (long) (reserveBytes * reserve);
  }
}
