package io.plantroom.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Something else on the box takes the disk of the shipped agent to the last byte. The agent lives
 * on, no alarm is lost, and what it could not take is told.
 */
@Tag("faults")
@Needs(
    value = {"mkfs.ext4", "mount", "fallocate"},
    root = true)
class DiskFullIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Records that the agent has taken may not have been at the hub for so long. */
  private static final Duration UNSENT = Duration.ofSeconds(15);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static final String TOLD =
      """
      SELECT coalesce(sum(to_seq - from_seq + 1), 0) FROM record_loss WHERE reason = 'evicted'""";

  @TempDir static Path folder;
  private static SmallDisk disk;
  private static DemoSystem system;
  private static Books books;
  private static String pump;

  @BeforeAll
  static void start() throws Exception {
    Path data = folder.resolve("system");
    disk = SmallDisk.mount(folder.resolve("disk"), data.resolve("agent/data"), 160);
    system = RunningSystem.start(data);
    books = new Books(system);
    books.awaitProgressBeyond(0);
    pump = pump();
    await("the agent keeps a ballast")
        .atMost(PATIENCE)
        .until(() -> Files.exists(disk.path().resolve("outbox/ballast")));
  }

  @AfterAll
  static void stop() throws Exception {
    system.close();
    disk.close();
  }

  @AfterEach
  void theBooksAgree() throws Exception {
    disk.free();
    system.building().end(pump, "dry-run");
    awaitAllDevices();
    books.awaitProgressBeyond(books.telemetryMark());
    books.awaitAgreement();
    assertThat(HubQuery.number(system.database(), TOLD))
        .as("the reason of every loss is known to the hub")
        .isGreaterThanOrEqualTo(books.status().at("/lanes/telemetry/lost").asLong());
    assertThat(system.agent().alive()).isTrue();
  }

  @Test
  void aDiskFilledToTheLastByteCostsTelemetryButNoAlarmAndIsLivedThrough() throws Exception {
    awaitAllDevices();
    disk.fill();
    system.building().show(pump, "dry-run");
    awaitAlarm("active-unacknowledged");
    assertThat(disk.usable()).as("still full").isLessThan(8 << 20);
    awaitLost();
    assertThat(health().get("wrong").toString()).contains("records of telemetry are lost");
    assertThat(system.agent().alive()).isTrue();
    system.building().end(pump, "dry-run");
    awaitAlarm("cleared-unacknowledged");
    assertThat(system.agent().alive()).isTrue();
  }

  @Test
  void anAgentThatIsStartedWhileTheDiskIsFullLivesSaysSoAndRecoversByItself() throws Exception {
    // A new outbox: an agent counts what is lost since it runs, and this one has lost nothing.
    throwOutboxAway();
    system.agent().start();
    system.agent().awaitReady(PATIENCE);
    books.awaitProgressBeyond(books.telemetryMark());
    system.agent().kill();
    disk.fill();
    system.agent().start();
    system.agent().awaitReady(PATIENCE);
    awaitSaid("disk");
    awaitLost();
    assertThat(system.agent().alive()).isTrue();
  }

  @Test
  void anAgentThatHasNothingYetAndFindsNoRoomLivesSaysSoAndBeginsWhenThereIsSome()
      throws Exception {
    throwOutboxAway();
    disk.fill();
    system.agent().start();
    awaitSaid("disk");
    assertThat(system.agent().alive()).isTrue();
    disk.free();
    system.agent().awaitReady(PATIENCE);
  }

  private static void throwOutboxAway() throws Exception {
    Instant closing = Instant.now();
    system.agent().close();
    deleteAll(disk.path().resolve("outbox"));
    books.allow(
        new Allowance.Span("thrown away with its outbox", closing.minus(UNSENT), Instant.now()));
  }

  /** Else it might be for a link, not for the pump's alarm, that the last reserve is given up. */
  private static void awaitAllDevices() {
    await("all devices answer")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(health().at("/devices/silent").asInt()).isZero());
  }

  private static void awaitSaid(String what) {
    await("/health names the disk")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(health().get("wrong").toString()).contains(what));
  }

  private static void awaitLost() {
    await("samples are counted as not taken")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(books.status().at("/lanes/telemetry/lost").asLong()).isGreaterThan(100));
  }

  private static void awaitAlarm(String state) {
    await("the alarm of " + pump + " is " + state)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(300))
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              JsonNode alarms = system.admin().get("alarms?state=open").get("items");
              assertThat(alarms)
                  .anyMatch(
                      a ->
                          a.get("key").asText().equals("dry-run")
                              && a.get("state").asText().equals(state));
            });
  }

  /** Also when it is 503, so not by a client that makes an exception of that. */
  private static JsonNode health() throws IOException, InterruptedException {
    URI health = URI.create("http://127.0.0.1:" + system.agentPort() + "/health");
    return JSON.readTree(
        HTTP.send(
                HttpRequest.newBuilder(health).timeout(Duration.ofSeconds(5)).build(),
                HttpResponse.BodyHandlers.ofString())
            .body());
  }

  private static String pump() throws Exception {
    for (JsonNode d : system.building().devices()) {
      for (JsonNode f : d.get("faults")) {
        if (f.asText().equals("dry-run")) {
          return d.get("key").asText();
        }
      }
    }
    throw new IllegalStateException("no simulated device can run dry");
  }

  private static void deleteAll(Path start) throws IOException {
    try (Stream<Path> all = Files.walk(start)) {
      for (Path path : List.copyOf(all.sorted(Comparator.reverseOrder()).toList())) {
        Files.delete(path);
      }
    }
  }
}
