package io.plantroom.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plantroom.hub.ApiClient.Answer;
import io.plantroom.wire.DesiredConfiguration;
import io.plantroom.wire.Event;
import io.plantroom.wire.JsonWire;
import io.plantroom.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What is desired of a gateway is checked, kept, sent until it is answered, and shown. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DesiredConfigurationTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String METER =
      """
      devices:
        - key: meter-1
          profile: eastron-sdm630
          endpoint: modbus-tcp://192.0.2.7:502?unit=%d
      """;

  @TempDir static Path folder = Path.of(".");
  private TestHub hub;
  private ApiClient admin = new ApiClient("http://127.0.0.1");
  private String path = "";

  @BeforeAll
  void start() throws Exception {
    hub = new TestHub(folder, TestDatabase.fresh(), InstantSource.system());
    admin = hub.admin();
    JsonNode gateway = HubTest.find(admin.get("/gateways").json(), "code", "gw-a");
    path = "/gateways/" + gateway.get("id").asText() + "/desired";
  }

  @AfterAll
  void stop() {
    hub.close();
  }

  private Answer put(String text, @Nullable String basedOn) throws Exception {
    Map<String, String> body =
        basedOn == null ? Map.of("text", text) : Map.of("text", text, "basedOn", basedOn);
    return admin.send("PUT", path, JSON.writeValueAsString(body));
  }

  private List<DesiredConfiguration> sent() {
    return hub.downlinks().stream()
        .filter(d -> d.topic().equals(Topics.desired("gw-a")) && d.retain())
        .map(
            d -> {
              try {
                return JsonWire.desired(d.payload().getBytes(StandardCharsets.UTF_8));
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            })
        .toList();
  }

  private void report(JsonNode put, Event.ConfigurationOutcome outcome, @Nullable String running)
      throws Exception {
    hub.events(
        "gw-a",
        new Event.ConfigurationReport(
            Instant.now(),
            true,
            put.get("revision").asLong(),
            put.get("version").asText(),
            outcome,
            outcome == Event.ConfigurationOutcome.APPLIED ? List.of() : List.of("line 3: wrong"),
            running));
  }

  @Test
  void aVersionIsSentUntilItIsAnsweredAndItsStateIsShown() throws Exception {
    JsonNode put = put(METER.formatted(1), null).json();
    assertThat(put.get("state").asText()).isEqualTo("waiting");
    assertThat(put.get("version").asText())
        .isEqualTo(DesiredConfiguration.versionOf(METER.formatted(1)));
    long revision = put.get("revision").asLong();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> sent().stream().filter(d -> d.revision() == revision).count() >= 2);

    report(put, Event.ConfigurationOutcome.APPLIED, put.get("version").asText());

    JsonNode shown = admin.get(path).json().get("desired");
    assertThat(shown.get("state").asText()).isEqualTo("applied");
    assertThat(shown.get("running")).isEqualTo(put.get("version"));
    JsonNode gateway = HubTest.find(admin.get("/gateways").json(), "code", "gw-a");
    assertThat(gateway.at("/configuration/state").asText()).isEqualTo("applied");
    assertThat(gateway.at("/configuration/running")).isEqualTo(put.get("version"));
    assertThat(hub.count("SELECT count(*) FROM audit WHERE action = 'put-desired-configuration'"))
        .isPositive();
  }

  @Test
  void aTextWithMistakesIsRefusedWithLineAndRuleOfEachAndNotSent() throws Exception {
    int before = sent().size();
    String text =
        """
        devices:
          - key: meter-1
            profile: eastron-sdm631
            endpoint: modbus-tcp://192.0.2.7:502
        """;
    Answer refused = put(text, null);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().at("/error/message/en").asText())
        .contains("desired.yaml:3: devices/0/profile: there is no profile 'eastron-sdm631'");
    assertThat(refused.json().at("/error/message/zh").asText()).contains("配置有误");
    assertThat(sent()).hasSizeGreaterThanOrEqualTo(before).noneMatch(d -> d.text().equals(text));
    JsonNode checked =
        admin.post(path + "/check", JSON.writeValueAsString(Map.of("text", text))).json();
    assertThat(checked.get("problems")).isNotEmpty();
  }

  @Test
  void whoHasNotSeenTheNewestVersionCannotReplaceIt() throws Exception {
    JsonNode first = put(METER.formatted(2), null).json();
    JsonNode second = put(METER.formatted(3), first.get("version").asText()).json();

    Answer late = put(METER.formatted(4), first.get("version").asText());

    assertThat(late.status()).isEqualTo(409);
    JsonNode history = admin.get(path + "/history").json();
    assertThat(history.get(0).get("version")).isEqualTo(second.get("version"));
    assertThat(HubTest.find(history, "revision", first.get("revision").asText()).get("state"))
        .asString()
        .contains("superseded");
  }

  @Test
  void whatWasRolledBackIsShownWithItsReasonAndWhatRunsInstead() throws Exception {
    JsonNode good = put(METER.formatted(5), null).json();
    report(good, Event.ConfigurationOutcome.APPLIED, good.get("version").asText());
    JsonNode bad = put(METER.formatted(6), null).json();

    report(bad, Event.ConfigurationOutcome.ROLLED_BACK, good.get("version").asText());

    JsonNode shown = admin.get(path).json().get("desired");
    assertThat(shown.get("version")).isEqualTo(bad.get("version"));
    assertThat(shown.get("state").asText()).isEqualTo("rolled-back");
    assertThat(shown.get("problems").get(0).asText()).isEqualTo("line 3: wrong");
    assertThat(shown.get("running")).isEqualTo(good.get("version"));
  }
}
