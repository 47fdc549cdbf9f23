package io.plantroom.deploy;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Nothing is lost, nothing counts twice: shown on the shipped jars, with two hubs on one database,
 * as processes that are killed, stopped and frozen in random order while devices are polled.
 */
@Tag("faults")
class StormIT {
  /** The usual one, short; and those that have found a defect once. */
  private static final long[] SEEDS = {20261122};

  /** Another order: {@code -Dfaults.seed=N}; how long it goes on: {@code -Dfaults.minutes=N}. */
  private static final Long SEED = Long.getLong("faults.seed");

  private static final Duration LENGTH =
      Duration.ofMinutes(Integer.getInteger("faults.minutes", 0));

  static LongStream seeds() {
    if (SEED != null) {
      return LongStream.of(SEED);
    }
    LongStream kept = LongStream.of(SEEDS);
    return LENGTH.isZero()
        ? kept
        : LongStream.concat(kept, LongStream.of(new SecureRandom().nextInt(Integer.MAX_VALUE)));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aStormLosesAndDoublesNothing(long seed, @TempDir Path data) throws Exception {
    System.out.println("faults.seed=" + seed + " faults.minutes=" + LENGTH.toMinutes());
    try (Relay relay = Relay.open();
        DemoSystem system = RunningSystem.startTwoHubs(relay, data)) {
      Books books = new Books(system);
      books.awaitProgressBeyond(0);
      // Seeds that are kept found something within their first deck.
      boolean kept = SEED == null && LongStream.of(SEEDS).anyMatch(s -> s == seed);
      new Storm(system, relay, books, seed).rage(kept ? Instant.now() : Instant.now().plus(LENGTH));
    }
  }
}
