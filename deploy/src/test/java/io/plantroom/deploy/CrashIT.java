package io.plantroom.deploy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nothing is lost, nothing counts twice: shown on the shipped jars, as processes that are killed.
 */
class CrashIT {
  /** Another order and other moments: -Dfaults.seed=…; more rounds: -Dfaults.rounds=…. */
  private static final long SEED = Long.getLong("faults.seed", 20261121);

  private static final int ROUNDS = Integer.getInteger("faults.rounds", 2);
  private static final Duration START = Duration.ofSeconds(60);

  @Test
  void killingAndStoppingHubBrokerAndAgentLosesAndDoublesNothing(@TempDir Path data)
      throws Exception {
    System.out.println("faults.seed=" + SEED + " faults.rounds=" + ROUNDS);
    try (DemoSystem system = RunningSystem.start(data)) {
      Books books = new Books(system);
      books.awaitProgressBeyond(0);
      Random random = new Random(SEED);
      for (Part victim : victims(system, random)) {
        long before = books.telemetryMark();
        if (random.nextInt(3) == 0) {
          victim.close();
        } else {
          victim.kill();
        }
        victim.start();
        victim.awaitReady(START);
        books.awaitProgressBeyond(before);
      }
      books.awaitAgreement();
    }
  }

  /** Each part once a round, in random order. */
  private static List<Part> victims(DemoSystem system, Random random) {
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      parts.addAll(List.of(system.hub(), system.broker(), system.agent()));
    }
    Collections.shuffle(parts, random);
    return parts;
  }
}
