package io.plantroom.deploy;

import java.time.Instant;

/** What may be missing at the hub though a device has answered it, and why. */
sealed interface Allowance {
  /** In words, for the report. */
  String why();

  /**
   * The agent died with a poll under way, or it or the device stood still until the poll was given
   * up: of each device the last answer before a moment, and no other.
   *
   * @param before from when on the agent, or its successor, may have asked anew
   */
  record InFlight(String why, Instant before) implements Allowance {}

  /**
   * All answers of a time, for faults that cost what was taken: a power cut, a disk thrown away.
   */
  record Span(String why, Instant from, Instant to) implements Allowance {}

  /**
   * Polls of one device that the agent itself says were in vain: it had given up before the answer
   * came.
   *
   * @param most how many
   * @param from when the agent that says so was started
   */
  record Missed(String why, String device, long most, Instant from, Instant to)
      implements Allowance {}
}
