package io.plantroom.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.plantroom.edge.outbox.Outbox;
import io.plantroom.edge.outbox.Outboxes;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The hub was away for a day; the gateway comes with all of it, and goes on reading meanwhile. The
 * day is not waited for: it is written through the agent's own outbox, into the folder in which the
 * shipped agent then finds it, behind what it really has read.
 */
@Tag("faults")
class BacklogIT {
  /** Three hours, else the whole day: -Dfaults.full. */
  private static final long SECONDS =
      System.getProperty("faults.full") == null ? 3 * 3600 : Duration.ofDays(1).toSeconds();

  /** About what the simulated building tells in a second. */
  private static final int POINTS = 40;

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** The agent's heap may be 256 MB; its threads, code and buffers come to that. */
  private static final long MOST_MEGABYTES = 450;

  private static final String ARRIVED =
      """
      SELECT count(*) FROM telemetry t JOIN point p ON p.id = t.point_id WHERE p.name LIKE 'old-%'""";

  @Test
  void aDayOfBacklogArrivesOnceWhileLiveValuesAreSeenAndMemoryStaysBounded(@TempDir Path data)
      throws Exception {
    try (DemoSystem system = RunningSystem.start(data)) {
      Books books = new Books(system);
      books.awaitAllAsked();
      books.awaitProgressBeyond(books.telemetryMark());
      system.agent().close();
      write(data.resolve("agent/data/outbox"));
      HubClient admin = system.admin();
      system.agent().start();
      system.agent().awaitReady(PATIENCE);
      await("the screens show what is read now, before the day behind it is stored")
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(200))
          .ignoreExceptions()
          .untilAsserted(
              () -> {
                assertThat(liveValues(admin)).isPositive();
                assertThat(backlog(books)).isGreaterThan(1000);
              });
      await("all of it is stored")
          .atMost(Duration.ofSeconds(60 + SECONDS / 60))
          .pollInterval(Duration.ofMillis(500))
          .ignoreExceptions()
          .untilAsserted(
              () -> {
                assertThat(megabytes(system.agent().pid())).isLessThan(MOST_MEGABYTES);
                assertThat(backlog(books)).isLessThan(500);
              });
      books.awaitAgreement();
      assertThat(HubQuery.number(system.database(), ARRIVED)).isEqualTo(SECONDS * POINTS);
    }
  }

  private static void write(Path folder) {
    Instant end = Instant.ofEpochMilli(Instant.now().minusSeconds(600).toEpochMilli());
    try (Outboxes outboxes = Outboxes.open(folder, Duration.ofSeconds(1), 2L << 30, 32L << 20)) {
      Outbox<Sample> outbox = outboxes.telemetry();
      for (long second = SECONDS; second > 0; second--) {
        Instant at = end.minusSeconds(second);
        double value = second % 100;
        outbox.append(
            IntStream.range(0, POINTS)
                .mapToObj(
                    i -> Sample.good("meter-b1-main", "old-" + i, at, new Value.Analog(value + i)))
                .toList());
      }
    }
  }

  private static long backlog(Books books) throws Exception {
    return books.status().at("/lanes/telemetry/backlog").asLong();
  }

  /** Points of the first meter whose value is shown but not stored yet. */
  private static long liveValues(HubClient admin) throws Exception {
    for (JsonNode e : admin.get("equipment?site=riverside")) {
      if (e.get("device").asText().equals("meter-b1-main")) {
        JsonNode one = admin.get("equipment/" + e.get("id").asText());
        List<JsonNode> live = one.findValues("live");
        return live.stream().filter(JsonNode::asBoolean).count();
      }
    }
    return 0;
  }

  /** What the process really needs: mapped queue files are the kernel's to drop. */
  private static long megabytes(long pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith("RssAnon:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10;
      }
    }
    throw new IOException("this kernel does not tell RssAnon");
  }
}
