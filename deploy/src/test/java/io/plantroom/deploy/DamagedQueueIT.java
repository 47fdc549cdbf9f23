package io.plantroom.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disk of the shipped agent gives back something else than was written. What is damaged is set
 * aside and told, all the rest arrives, and nothing is ever taken for something else.
 */
@Tag("faults")
class DamagedQueueIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Files whose rest must still arrive, before, between and behind the damaged ones. */
  private static final int FILES = 5;

  private static final String TOLD =
      """
      SELECT coalesce(sum(to_seq - from_seq + 1), 0) FROM record_loss WHERE reason = 'damaged'""";

  @TempDir static Path data;
  private static DemoSystem system;
  private static Books books;

  @BeforeAll
  static void start() throws Exception {
    system = RunningSystem.start(data);
    books = new Books(system);
    books.awaitProgressBeyond(0);
  }

  @AfterAll
  static void stop() throws Exception {
    system.close();
  }

  @Test
  void cutAndFlippedFilesAreSetAsideAndToldAndTheRestArrives() throws Exception {
    system.broker().kill();
    // A file is never continued after a restart, so each start makes one more.
    for (int i = 0; i < FILES; i++) {
      system.agent().kill();
      system.agent().start();
      system.agent().awaitReady(PATIENCE);
      awaitTaken(300);
    }
    long taken = books.status().at("/queues/telemetry/last").asLong();
    system.agent().kill();
    List<Path> files = queueFiles();
    assertThat(files).hasSizeGreaterThanOrEqualTo(FILES);
    Path cut = files.get(files.size() - 4);
    Path flipped = files.get(files.size() - 2);
    cutInTheMiddle(cut);
    flipABit(flipped);
    system.agent().start();
    system.agent().awaitReady(PATIENCE);
    assertThat(folder().resolve("damaged").resolve(cut.getFileName())).exists();
    assertThat(folder().resolve("damaged").resolve(flipped.getFileName())).exists();
    JsonNode queue = books.status().at("/queues/telemetry");
    assertThat(queue.get("last").asLong()).as("no number twice").isGreaterThanOrEqualTo(taken);
    long lost = queue.get("lost").asLong();
    assertThat(lost).as("more than one file's worth would be too much").isBetween(2L, taken / 2);
    system.broker().start();
    system.broker().awaitReady(PATIENCE);
    books.awaitProgressBeyond(books.telemetryMark());
    books.awaitAgreement();
    assertThat(HubQuery.number(system.database(), TOLD)).isEqualTo(lost);
    assertThat(system.agent().alive()).isTrue();
  }

  private static void awaitTaken(long records) throws Exception {
    await("some records are on the disk")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .untilAsserted(
            () -> assertThat(books.status().get("samplesTold").asLong()).isGreaterThan(records));
  }

  private static Path folder() {
    return system.files().data().resolve("agent/data/outbox/telemetry");
  }

  private static List<Path> queueFiles() throws IOException {
    try (Stream<Path> all = Files.list(folder().resolve("queue"))) {
      return all.filter(p -> p.toString().endsWith(".cq4")).sorted().toList();
    }
  }

  /** Somewhere in its records: device keys stand in them as they are. */
  private static int middle(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    int end = text.lastIndexOf("meter-");
    int found = text.indexOf("meter-", end / 2);
    assertThat(found).as("records in %s", file).isPositive();
    return found;
  }

  private static void cutInTheMiddle(Path file) throws IOException {
    int at = middle(file);
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(at);
    }
  }

  private static void flipABit(Path file) throws IOException {
    int at = middle(file);
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.seek(at);
      int was = open.read();
      open.seek(at);
      open.write(was ^ 4);
    }
  }
}
