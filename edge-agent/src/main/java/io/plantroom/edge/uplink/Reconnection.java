package io.plantroom.edge.uplink;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * When to connect again: with full jitter, so that ten thousand gateways do not come back in one
 * moment, and more and more slowly when another client with this gateway's identity keeps taking
 * the connection over. Thread-safe.
 */
final class Reconnection {
  /** Longest pause while the broker is merely away. */
  static final Duration LONGEST = Duration.ofSeconds(20);

  /** Longest pause while somebody else has our identity. */
  static final Duration LONGEST_CONTESTED = Duration.ofMinutes(5);

  /** So long without being put out, and the quarrel is over. */
  static final Duration PEACE = Duration.ofMinutes(15);

  private static final long FIRST_MILLIS = 250;
  private static final long FIRST_CONTESTED_MILLIS = 1000;
  private static final long LEAST_MILLIS = 50;

  private final RandomGenerator random;
  private final LongSupplier nanoTime;
  private int takeovers;
  private long lastTakeover;

  Reconnection(RandomGenerator random, LongSupplier nanoTime) {
    this.random = random;
    this.nanoTime = nanoTime;
  }

  /**
   * Pause before the next try.
   *
   * @param attempts tries since the last connection
   * @param takenOver whether the broker has just put us out for another of the same identity
   */
  synchronized Duration next(int attempts, boolean takenOver) {
    makePeace();
    if (takenOver) {
      takeovers++;
      lastTakeover = nanoTime.getAsLong();
    }
    long most = Math.min(LONGEST.toMillis(), FIRST_MILLIS << Math.min(attempts, 20));
    if (takeovers > 0) {
      long contested = FIRST_CONTESTED_MILLIS << Math.min(takeovers, 20);
      most = Math.max(most, Math.min(LONGEST_CONTESTED.toMillis(), contested));
    }
    return Duration.ofMillis(random.nextLong(LEAST_MILLIS, most + 1));
  }

  /** Whether somebody else has this gateway's identity; once may have been an accident. */
  synchronized boolean contested() {
    makePeace();
    return takeovers > 1;
  }

  private void makePeace() {
    if (takeovers > 0 && nanoTime.getAsLong() - lastTakeover > PEACE.toNanos()) {
      takeovers = 0;
    }
  }
}
