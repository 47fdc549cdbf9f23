package io.plantroom.deploy;

import java.time.Instant;

/** What may be missing at the hub though a device has answered it, and why. */
sealed interface Allowance {
  /** In words, for the report. */
  String why();

  /**
   * The agent died, or stood still, with a poll under way: of each device the last answer before a
   * moment, and no other.
   *
   * @param before from when on the agent, or its successor, may have asked anew
   */
  record InFlight(String why, Instant before) implements Allowance {}

  /**
   * All answers of a time, for faults that cost what was taken: a power cut, a disk thrown away.
   */
  record Span(String why, Instant from, Instant to) implements Allowance {}
}
