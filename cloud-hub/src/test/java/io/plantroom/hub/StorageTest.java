package io.plantroom.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.plantroom.hub.config.RetentionConfig;
import io.plantroom.hub.retention.Retention;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code GET /storage} tells. */
class StorageTest {
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

  @TempDir Path folder = Path.of(".");

  @Test
  void itTellsHowLongDataIsKeptSinceWhenItIsWholeAndWhatTheRollupsDoNotKnowYet() throws Exception {
    try (TestHub hub = new TestHub(folder, TestDatabase.fresh(), InstantSource.fixed(now))) {
      ApiClient admin = hub.admin();
      JsonNode before = storage(admin);
      assertThat(before.at("/databaseLevel").asText()).isEqualTo("postgresql");
      assertThat(before.at("/tables").asText()).isEqualTo("partitions");
      assertThat(before.has("replica")).as("none is configured").isFalse();
      assertThat(before.at("/rollups/marks").asLong()).isZero();
      assertThat(before.at("/rollups/oldest").isNull()).isTrue();
      assertThat(kept(before, "telemetry").at("/from").isNull()).as("not looked at yet").isTrue();

      hub.samples(
          "gw-a", List.of(Sample.good("meter-1", "x", now.minusSeconds(1), new Value.Analog(1))));
      JsonNode marked = storage(admin);
      assertThat(marked.at("/rollups/marks").asLong()).isEqualTo(1);
      assertThat(Instant.parse(marked.at("/rollups/oldest").asText()))
          .isEqualTo(now.minusSeconds(1).truncatedTo(ChronoUnit.HOURS));

      hub.rollUp();
      new Retention(hub.hub().database(), RetentionConfig.usual(), InstantSource.fixed(now)).run();
      JsonNode after = storage(admin);
      assertThat(after.at("/rollups/marks").asLong()).isZero();
      for (String data : List.of("telemetry", "rollup_1m", "rollup_15m", "rollup_1h")) {
        JsonNode kept = kept(after, data);
        assertThat(Instant.parse(kept.at("/from").asText()))
            .as(data)
            .isEqualTo(
                now.truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(kept.at("/days").asInt())));
      }
      assertThat(after.get("kept").findValuesAsText("pointClass"))
          .as("registers are kept for ever")
          .contains("measurement", "state", "diagnostic")
          .doesNotContain("register");
    }
  }

  @Test
  void nobodySeesSitesThatAreNotHis() throws Exception {
    try (TestHub hub = new TestHub(folder, TestDatabase.fresh(), InstantSource.fixed(now))) {
      String token =
          hub.admin()
              .post(
                  "/tokens",
                  "{\"name\":\"viewer-of-a\",\"role\":\"viewer\",\"node\":\"company-a\"}")
              .json()
              .get("token")
              .asText();
      hub.samples(
          "gw-b", List.of(Sample.good("meter-1", "x", now.minusSeconds(1), new Value.Analog(1))));

      JsonNode seen = storage(new ApiClient(hub.base()).with("Authorization", "Bearer " + token));

      assertThat(seen.get("kept").findValuesAsText("siteId")).containsOnly("site-a");
      assertThat(seen.at("/rollups/marks").asLong()).isZero();
    }
  }

  private static JsonNode storage(ApiClient client) throws Exception {
    ApiClient.Answer answer = client.get("/storage");
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    return answer.json();
  }

  private static JsonNode kept(JsonNode storage, String data) {
    return StreamSupport.stream(storage.get("kept").spliterator(), false)
        .filter(k -> k.get("siteId").asText().equals("site-a"))
        .filter(k -> k.get("pointClass").asText().equals("measurement"))
        .filter(k -> k.get("data").asText().equals(data))
        .findFirst()
        .orElseThrow();
  }
}
