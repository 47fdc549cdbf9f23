package io.plantroom.edge.poll;

import io.plantroom.profile.LocalText;
import java.time.Duration;
import java.time.Instant;

/** Whether a device answers. A change of class is what people are told. Immutable. */
public sealed interface LinkState {
  /** Longest pause between two tries of a device that does not answer, unless its period is. */
  Duration LONGEST_BACKOFF = Duration.ofSeconds(60);

  LinkState succeeded(Instant at);

  LinkState failed(Instant at, LocalText reason);

  /** Pause until the next try of a device with this period. */
  Duration next(Duration every);

  /** Tries without an answer since the last that had one. */
  int misses();

  /** Not asked yet. */
  record Unknown() implements LinkState {
    @Override
    public LinkState succeeded(Instant at) {
      return new Online(at, 0);
    }

    @Override
    public LinkState failed(Instant at, LocalText reason) {
      return new Offline(at, 1, reason);
    }

    @Override
    public Duration next(Duration every) {
      return every;
    }

    @Override
    public int misses() {
      return 0;
    }
  }

  /**
   * Answers.
   *
   * @param misses polls without an answer since the last good one; one alone is not yet an outage
   */
  record Online(Instant since, int misses) implements LinkState {
    @Override
    public LinkState succeeded(Instant at) {
      return misses == 0 ? this : new Online(since, 0);
    }

    @Override
    public LinkState failed(Instant at, LocalText reason) {
      return misses == 0 ? new Online(since, 1) : new Offline(at, 1, reason);
    }

    @Override
    public Duration next(Duration every) {
      return every;
    }
  }

  /** Does not answer. Each try that fails doubles the pause, so that it costs its bus little. */
  record Offline(Instant since, int failures, LocalText reason) implements LinkState {
    @Override
    public LinkState succeeded(Instant at) {
      return new Online(at, 0);
    }

    @Override
    public LinkState failed(Instant at, LocalText newReason) {
      return new Offline(since, failures + 1, newReason);
    }

    @Override
    public Duration next(Duration every) {
      if (every.compareTo(LONGEST_BACKOFF) >= 0) {
        return every;
      }
      Duration pause = every.multipliedBy(1L << Math.min(failures, 16));
      return pause.compareTo(LONGEST_BACKOFF) < 0 ? pause : LONGEST_BACKOFF;
    }

    @Override
    public int misses() {
      return failures;
    }
  }
}
