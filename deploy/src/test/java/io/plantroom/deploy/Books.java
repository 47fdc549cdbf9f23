package io.plantroom.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The agent's books beside the hub's: what was taken must be stored, each number once. And where
 * the system has tally devices, their own ledger beside both: see {@link TallyOracle}.
 */
final class Books {
  private static final Duration RECOVERY = Duration.ofSeconds(90);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final DemoSystem system;
  private final List<Allowance> allowances = new ArrayList<>();
  private final Map<String, Allowance> misses = new HashMap<>();

  Books(DemoSystem system) {
    this.system = system;
  }

  long telemetryMark() throws Exception {
    return HubLedger.read(system.database()).telemetryMark();
  }

  /** After any fault the hub must go on committing by itself. */
  void awaitProgressBeyond(long mark) {
    await("the hub commits again")
        .atMost(RECOVERY)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              assertThat(telemetryMark()).isGreaterThan(mark + 200);
              noteMisses();
            });
  }

  /**
   * What may be missing of the tally devices' answers. A poll that was under way when the agent
   * died needs no word: that is known from the agent's starts.
   */
  void allow(Allowance allowance) {
    allowances.add(allowance);
  }

  /** All devices fall silent, the agent sends its rest, and then all books must agree. */
  void awaitAgreement() throws Exception {
    awaitAllAsked();
    for (Part field : system.fields()) {
      field.pause();
    }
    try {
      await("all that the agent took is at the hub, once")
          .atMost(RECOVERY)
          .pollInterval(Duration.ofMillis(500))
          .ignoreExceptions()
          .untilAsserted(this::assertAgreement);
      assertTallies();
    } finally {
      allow(new Allowance.InFlight("under way when the devices stood still", Instant.now()));
      for (Part field : system.fields()) {
        field.resume();
      }
    }
  }

  private void assertTallies() throws Exception {
    Path ledger = RunningSystem.ledger(system.files());
    if (!Files.exists(ledger)) {
      return;
    }
    List<Allowance> all = new ArrayList<>(allowances);
    for (Instant start : system.agent().startsAfterDeath()) {
      all.add(new Allowance.InFlight("under way when the agent died", start));
    }
    for (Instant resume : system.agent().resumes()) {
      all.add(new Allowance.InFlight("under way when the agent stood still", resume));
    }
    all.add(new Allowance.InFlight("under way while the devices stand still", Instant.MAX));
    noteMisses();
    all.addAll(misses.values());
    List<Shown> shown = Shown.read(ledger);
    TallyOracle.Verdict verdict =
        TallyOracle.compare(
            shown, Stored.read(system.database()), ToldLoss.read(system.database()), all);
    System.out.println("oracle: " + verdict);
    assertThat(verdict.wrong().size()).as(() -> "ledger against database: " + verdict).isZero();
    assertThat(verdict.matched()).isPositive();
  }

  /** An oracle of devices that nobody asks would see nothing. The first question takes longest. */
  void awaitAllAsked() {
    Path ledger = RunningSystem.ledger(system.files());
    if (Files.exists(ledger)) {
      await("every tally device is asked")
          .atMost(RECOVERY)
          .pollInterval(Duration.ofMillis(500))
          .ignoreExceptions()
          .untilAsserted(
              () ->
                  assertThat(Shown.read(ledger).stream().map(Shown::device).distinct())
                      .isNotEmpty()
                      .containsExactlyInAnyOrderElementsOf(tallies()));
    }
  }

  /**
   * Asks the agent which polls were in vain. It counts them from each of its starts, so it must be
   * asked again and again, and before it is harmed.
   */
  void noteMisses() throws Exception {
    Instant start = system.agent().lastStart();
    for (JsonNode device : status().get("devices")) {
      String key = device.get("key").asText();
      long missed = device.get("misses").asLong();
      if (key.startsWith("tally-") && missed > 0) {
        misses.put(
            key + start,
            new Allowance.Missed("given up by the agent", key, missed, start, Instant.now()));
      }
    }
  }

  private List<String> tallies() throws Exception {
    List<String> keys = new ArrayList<>();
    for (JsonNode device : status().get("devices")) {
      if (device.get("key").asText().startsWith("tally-")) {
        keys.add(device.get("key").asText());
      }
    }
    return keys;
  }

  private void assertAgreement() throws Exception {
    JsonNode queues = status().get("queues");
    HubLedger hub = HubLedger.read(system.database());
    assertThat(hub.samples()).isEqualTo(hub.telemetryMark() - hub.telemetryGaps());
    assertThat(hub.events()).isEqualTo(hub.eventMark() - hub.eventGaps());
    assertThat(queues).isNotEmpty();
    for (JsonNode queue : queues) {
      assertQueue(queue);
    }
  }

  private void assertQueue(JsonNode queue) throws Exception {
    int lane = queue.get("lane").asText().equals("events") ? 0 : 1;
    HubLedger.Mark mark =
        HubLedger.mark(system.database(), lane, Long.parseLong(queue.get("epoch").asText()));
    assertThat(mark.sequence()).as("%s", queue).isEqualTo(queue.get("last").asLong());
    assertThat(mark.gaps()).as("given up: %s", queue).isEqualTo(queue.get("lost").asLong());
  }

  /** The names of the agent's queues; a new disk has new ones. */
  Set<String> epochs() throws Exception {
    Set<String> epochs = new HashSet<>();
    for (JsonNode queue : status().get("queues")) {
      epochs.add(queue.get("epoch").asText());
    }
    return epochs;
  }

  JsonNode status() throws Exception {
    URI status = URI.create("http://127.0.0.1:" + system.agentPort() + "/status");
    return JSON.readTree(
        http.send(
                HttpRequest.newBuilder(status).timeout(Duration.ofSeconds(5)).build(),
                HttpResponse.BodyHandlers.ofString())
            .body());
  }
}
