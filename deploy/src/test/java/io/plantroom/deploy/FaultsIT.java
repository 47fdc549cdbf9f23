package io.plantroom.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Faults on the shipped jars, while the building is polled. After each one the system must go on by
 * itself, and agent and hub must agree on every number. docs/loss-matrix.md lists them.
 */
@Tag("faults")
class FaultsIT {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(8);

  /** Until a record is forced to the disk, sent, committed and answered; the flush takes 1 s. */
  private static final Duration UNSENT = Duration.ofSeconds(10);

  @TempDir static Path data;
  private static Relay relay;
  private static DemoSystem system;
  private static Books books;
  private long before;

  @BeforeAll
  static void start() throws Exception {
    relay = Relay.open();
    system = RunningSystem.startBehind(relay, data);
    books = new Books(system);
    books.awaitProgressBeyond(0);
  }

  @AfterAll
  static void stop() throws Exception {
    system.close();
    relay.close();
  }

  @BeforeEach
  void remember() throws Exception {
    before = books.telemetryMark();
  }

  @AfterEach
  void theBooksAgree() throws Exception {
    books.awaitProgressBeyond(before);
    books.awaitAgreement();
  }

  @Test
  void aHubThatStandsStillLosesNothing() throws Exception {
    standStill(system.hub());
  }

  @Test
  void aBrokerThatStandsStillLosesNothing() throws Exception {
    standStill(system.broker());
  }

  @Test
  void anAgentThatStandsStillLosesNothingItTook() throws Exception {
    standStill(system.agent());
  }

  @Test
  void aDatabaseThatStandsStillLosesNothing() throws Exception {
    database().pause();
    try {
      awaitBacklog(200);
    } finally {
      database().resume();
    }
  }

  @Test
  void aDatabaseThatIsKilledAmidCommitsLosesNothing() throws Exception {
    for (int i = 0; i < 3; i++) {
      database().crash();
      database().restart();
      books.awaitProgressBeyond(books.telemetryMark());
    }
  }

  @Test
  void aLinkThatSwallowsBytesLosesNothing() throws Exception {
    relay.stick();
    awaitBacklog(300);
    relay.heal();
  }

  @Test
  void aLinkThatBreaksAgainAndAgainLosesNothing() throws Exception {
    for (int i = 0; i < 10; i++) {
      long mark = books.telemetryMark();
      relay.breakAll();
      await("some records pass between two breaks")
          .atMost(START)
          .pollInterval(Duration.ofMillis(100))
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(books.telemetryMark()).isGreaterThan(mark));
    }
  }

  @Test
  void aBrokerThatForgetsEverythingLosesNothing() throws Exception {
    system.broker().kill();
    awaitBacklog(300);
    // It keeps its sessions and queues in memory only: this one has never heard of anybody.
    system.broker().start();
    system.broker().awaitReady(START);
  }

  @Test
  void aNewEmptyDiskIsNeverTakenForARepeat() throws Exception {
    Set<String> old = books.epochs();
    Instant closing = Instant.now();
    system.agent().close();
    long stored = HubLedger.read(system.database()).samples();
    deleteAll(system.files().data().resolve("agent/data"));
    books.allow(
        new Allowance.Span("thrown away with its disk", closing.minus(UNSENT), Instant.now()));
    system.agent().start();
    system.agent().awaitReady(START);
    assertThat(books.epochs()).hasSameSizeAs(old).doesNotContainAnyElementsOf(old);
    await("the records of the new disk are stored beside the old ones")
        .atMost(START)
        .untilAsserted(
            () ->
                assertThat(HubLedger.read(system.database()).samples())
                    .isGreaterThan(stored + 200));
  }

  @Test
  void aStolenCopyOfTheGatewayDoublesNothing() throws Exception {
    Path copy = data.resolve("twin");
    Files.createDirectories(copy.resolve("agent"));
    Files.createSymbolicLink(copy.resolve("certificates"), system.files().certificates());
    Files.copy(system.files().edgeDevices(), copy.resolve("agent/devices.yaml"));
    DemoFiles files = new DemoFiles(copy);
    Files.createDirectories(files.run());
    Files.createDirectories(files.logs());
    Path config = files.edge(system.brokerPort(), 0);
    try (Part twin =
        new Part(
            "twin",
            RunningSystem.HOME.edgeAgent(),
            Home.flags(256),
            List.of("run", "--config", config.toString()),
            files.run(),
            files.logs())) {
      long rows = HubLedger.read(system.database()).samples();
      twin.start();
      twin.awaitReady(START);
      await("both have told something")
          .atMost(START)
          .untilAsserted(
              () ->
                  assertThat(HubLedger.read(system.database()).samples())
                      .isGreaterThan(rows + 500));
      assertThat(system.agent().alive()).isTrue();
    }
    before = books.telemetryMark();
  }

  private void standStill(Part part) throws Exception {
    part.pause();
    try {
      await("it stands still for a while")
          .pollDelay(LONG_ENOUGH)
          .atMost(LONG_ENOUGH.plusSeconds(5))
          .until(part::alive);
    } finally {
      part.resume();
    }
  }

  private static void awaitBacklog(long records) {
    await("the agent keeps what it cannot send")
        .atMost(START)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(books.status().at("/lanes/telemetry/backlog").asLong())
                    .isGreaterThan(records));
  }

  private static EmbeddedDatabase database() {
    return (EmbeddedDatabase) system.database();
  }

  private static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
