package io.plantroom.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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
  private static final long SEED = 20261121;
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration RECOVERY = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void killingAndStoppingHubBrokerAndAgentLosesAndDoublesNothing(@TempDir Path data)
      throws Exception {
    try (DemoSystem system = RunningSystem.start(data)) {
      awaitProgress(system, 0);
      Random random = new Random(SEED);
      for (Part victim : victims(system, random)) {
        long before = HubLedger.read(system.database()).telemetryMark();
        if (random.nextInt(3) == 0) {
          victim.close();
        } else {
          victim.kill();
        }
        victim.start();
        victim.awaitReady(START);
        awaitProgress(system, before);
      }
      awaitDelivered(system);
    }
  }

  /** Each part twice, in random order. */
  private static List<Part> victims(DemoSystem system, Random random) {
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      parts.addAll(List.of(system.hub(), system.broker(), system.agent()));
    }
    Collections.shuffle(parts, random);
    return parts;
  }

  private static void awaitProgress(DemoSystem system, long before) {
    await("the hub commits again after seed " + SEED)
        .atMost(RECOVERY)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(
            () ->
                assertThat(HubLedger.read(system.database()).telemetryMark())
                    .isGreaterThan(before + 200));
  }

  /** The building falls silent, the agent sends its rest, and then the books must agree. */
  private void awaitDelivered(DemoSystem system) {
    system.simulatedBuilding().close();
    await("all that the agent took is at the hub, once")
        .atMost(RECOVERY)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () -> {
              JsonNode lanes = agent(system).get("lanes");
              HubLedger hub = HubLedger.read(system.database());
              assertThat(hub.telemetryGaps()).isZero();
              assertThat(hub.eventGaps()).isZero();
              assertThat(hub.telemetryMark()).isEqualTo(lastSequence(lanes, "telemetry"));
              assertThat(hub.eventMark()).isEqualTo(lastSequence(lanes, "events"));
              assertThat(hub.samples()).isEqualTo(hub.telemetryMark());
              assertThat(hub.events()).isEqualTo(hub.eventMark());
            });
  }

  private static long lastSequence(JsonNode lanes, String lane) {
    return lanes.get(lane).get("last").asLong();
  }

  private JsonNode agent(DemoSystem system) throws Exception {
    URI status = URI.create("http://127.0.0.1:" + system.agentPort() + "/status");
    return JSON.readTree(
        http.send(HttpRequest.newBuilder(status).build(), HttpResponse.BodyHandlers.ofString())
            .body());
  }
}
