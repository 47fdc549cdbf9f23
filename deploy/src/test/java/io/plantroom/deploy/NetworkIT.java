package io.plantroom.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.plantroom.deploy.BadLine.Packets;
import io.plantroom.deploy.BadLine.Weather;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shipped agent on a line that loses, delays, doubles and reorders packets below TCP, and that
 * is cut without a word to either end. Afterwards agent and hub must agree on every number.
 */
@Tag("faults")
@Needs(
    value = {"python3", "ip"},
    root = true)
class NetworkIT {
  /** Other chances: -Dfaults.seed=…; more and longer storms: -Dfaults.full. */
  private static final long SEED = Long.getLong("faults.seed", 20261122);

  private static final boolean FULL = System.getProperty("faults.full") != null;
  private static final int STORMS = Integer.getInteger("faults.rounds", FULL ? 20 : 1);
  private static final Duration PATIENCE = Duration.ofSeconds(FULL ? 180 : 90);

  @TempDir static Path data;
  private static BadLine line;
  private static DemoSystem system;
  private static Books books;

  @BeforeAll
  static void start() throws Exception {
    System.out.println("faults.seed=" + SEED + " faults.rounds=" + STORMS);
    line = BadLine.open(SEED);
    system = RunningSystem.start(data.resolve("system"));
    books = new Books(system);
    // The broker is called localhost in its certificate, so that is where the agent goes; only
    // that for the agent this name now leads over the line. Devices are configured by number.
    Path hosts = data.resolve("hosts");
    Files.writeString(hosts, line.address() + " localhost\n");
    system.agent().close();
    system.agent().with("JAVA_TOOL_OPTIONS", "-Djdk.net.hosts.file=" + hosts).start();
    system.agent().awaitReady(PATIENCE);
    books.awaitProgressBeyond(books.telemetryMark());
    assertThat(line.packets().passed()).as("the agent uses the line").isGreaterThan(20);
  }

  @AfterAll
  static void stop() throws Exception {
    system.close();
    line.close();
  }

  @AfterEach
  void theBooksAgree() throws Exception {
    line.become(Weather.FAIR);
    books.awaitProgressBeyond(books.telemetryMark());
    books.awaitAgreement();
  }

  @Test
  void aLineThatLosesDelaysDoublesAndReordersLosesAndDoublesNothing() throws Exception {
    Packets before = line.packets();
    long mark = books.telemetryMark();
    line.become(new Weather(100, 50, 20, 5, 10, false));
    await("every kind of trouble has happened, and records came through it")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              Packets now = line.packets();
              assertThat(now.lost() - before.lost()).isGreaterThan(60);
              assertThat(now.doubled() - before.doubled()).isGreaterThan(10);
              assertThat(now.reordered() - before.reordered()).isGreaterThan(10);
              assertThat(books.telemetryMark()).isGreaterThan(mark);
            });
  }

  @Test
  void aLineThatIsCutWithoutAWordLosesNothing() throws Exception {
    Packets before = line.packets();
    line.become(Weather.CUT);
    awaitBacklog(500);
    assertThat(line.packets().cut()).as("packets fell into the cut").isGreaterThan(before.cut());
    assertThat(system.agent().alive()).isTrue();
  }

  @Test
  void stormsOfAllKindsLoseAndDoubleNothing() throws Exception {
    Random random = new Random(SEED);
    for (int i = 0; i < STORMS; i++) {
      Weather weather =
          random.nextInt(4) == 0
              ? Weather.CUT
              : new Weather(
                  random.nextInt(400),
                  random.nextInt(300),
                  random.nextInt(40),
                  random.nextInt(20),
                  random.nextInt(30),
                  false);
      System.out.println("storm " + (i + 1) + ": " + weather);
      long mark = books.telemetryMark();
      line.become(weather);
      Duration lasts = Duration.ofSeconds(4 + random.nextInt(FULL ? 40 : 6));
      await("the storm lasts")
          .pollDelay(lasts)
          .atMost(lasts.plusSeconds(20))
          .until(system.agent()::alive);
      line.become(Weather.FAIR);
      books.awaitProgressBeyond(mark);
    }
  }

  private static void awaitBacklog(long records) {
    await("the agent keeps what it cannot send")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(books.status().at("/lanes/telemetry/backlog").asLong())
                    .isGreaterThan(records));
  }
}
