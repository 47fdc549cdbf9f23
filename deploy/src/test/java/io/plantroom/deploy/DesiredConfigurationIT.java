package io.plantroom.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices desired by the hub, over the shipped hub, broker and agent. */
@Tag("faults")
class DesiredConfigurationIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String CHANGED = "meter-b1-main";
  private static final String UNTOUCHED = "meter-b2-main";

  @TempDir static Path data;
  private static DemoSystem system;
  private static String path = "";

  @BeforeAll
  static void start() throws Exception {
    system = RunningSystem.demo(data);
    await().atMost(PATIENCE).until(() -> device(CHANGED).path("online").asBoolean());
    await().atMost(PATIENCE).until(() -> device(UNTOUCHED).path("online").asBoolean());
    path = "gateways/" + system.admin().get("gateways").get(0).get("id").asText() + "/desired";
  }

  @AfterAll
  static void stop() throws Exception {
    system.close();
  }

  private static JsonNode agent() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + system.agentPort() + "/status"))
            .timeout(Duration.ofSeconds(20))
            .build();
    return JSON.readTree(
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  private static JsonNode device(String key) throws Exception {
    for (JsonNode d : agent().get("devices")) {
      if (d.get("key").asText().equals(key)) {
        return d;
      }
    }
    return JSON.nullNode();
  }

  private static String text(String endpoint, String every) {
    return """
    devices:
      - key: %s
        profile: eastron-sdm630
        endpoint: "%s"
        every: %s
        name: { zh: 一号楼总表, en: Building 1 main meter }
    """
        .formatted(CHANGED, endpoint, every);
  }

  private static JsonNode put(String text) throws Exception {
    return system.admin().put(path, Map.of("text", text, "note", "a test"));
  }

  private static JsonNode judged(JsonNode put) {
    return await()
        .atMost(PATIENCE)
        .until(
            () -> {
              JsonNode newest = system.admin().get(path).get("desired");
              assertThat(newest.get("revision")).isEqualTo(put.get("revision"));
              return newest;
            },
            d -> !d.get("state").asText().equals("waiting"));
  }

  @Test
  void aChangeIsAppliedAloneKeptOverAKillAndABadOneIsTakenBack() throws Exception {
    String endpoint = device(CHANGED).get("endpoint").asText();
    long pollsBefore = device(UNTOUCHED).get("polls").asLong();
    long missesBefore = device(UNTOUCHED).get("misses").asLong();

    JsonNode good = put(text(endpoint, "3s"));
    JsonNode applied = judged(good);

    assertThat(applied.get("state").asText()).as("%s", applied).isEqualTo("applied");
    assertThat(applied.get("running")).isEqualTo(good.get("version"));
    // It was asked anew, the other goes on counting as if nothing had been.
    assertThat(device(CHANGED).get("polls").asLong()).isLessThan(pollsBefore + 3);
    await().atMost(PATIENCE).until(() -> device(UNTOUCHED).get("polls").asLong() > pollsBefore);
    assertThat(device(UNTOUCHED).get("misses").asLong()).isEqualTo(missesBefore);
    assertThat(agent().at("/desired/running")).isEqualTo(good.get("version"));

    JsonNode bad = judged(put(text("modbus-tcp://127.0.0.2:1?unit=1", "3s")));

    assertThat(bad.get("state").asText()).as("%s", bad).isEqualTo("rolled-back");
    assertThat(bad.get("problems").toString()).contains(CHANGED);
    assertThat(bad.get("running")).isEqualTo(good.get("version"));
    await().atMost(PATIENCE).until(() -> device(CHANGED).path("online").asBoolean());
    assertThat(device(CHANGED).get("endpoint").asText()).isEqualTo(endpoint);

    system.agent().kill();
    system.agent().start();
    system.agent().awaitReady(PATIENCE);
    assertThat(agent().at("/desired/running")).isEqualTo(good.get("version"));
    assertThat(states()).containsExactly("rolled-back", "applied");
  }

  private static List<String> states() throws Exception {
    return system.admin().get(path + "/history").findValuesAsText("state");
  }

  @Test
  void aTextWithAMistakeIsRefusedByLineBeforeItIsSent() throws Exception {
    assertThatThrownBy(() -> put("devices:\n  - key: x\n    profile: nothing-like-it\n"))
        .hasMessageContaining("answered 400")
        .hasMessageContaining("desired.yaml:");
  }
}
