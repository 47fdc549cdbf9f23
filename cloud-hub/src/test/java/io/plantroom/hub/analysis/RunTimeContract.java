package io.plantroom.hub.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.plantroom.hub.ApiClient;
import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import io.plantroom.hub.config.RetentionConfig;
import io.plantroom.hub.config.RetentionConfig.Kept;
import io.plantroom.hub.retention.Retention;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** For how long a pump has run, over more time than its samples are kept. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RunTimeContract {
  /** Midnight of 10 March 2026 at the site. */
  private static final Instant MIDNIGHT = Instant.parse("2026-03-09T16:00:00Z");

  private static final Instant NOW = MIDNIGHT.plus(Duration.ofDays(5));

  /** A new, empty database. */
  abstract DatabaseConfig fresh();

  @TempDir static Path folder = Path.of(".");
  private MeteredSite site;

  @BeforeAll
  void start() throws Exception {
    site = new MeteredSite(folder, fresh(), NOW);
    site.devices("gw-a", Map.of("pump", "grundfos-cim-pump"));
  }

  @AfterAll
  void stop() {
    site.close();
  }

  @Test
  void shareOfRunningIsTheSameFromRollupsAndWhenSamplesAreGone() throws Exception {
    // Some hours of some days of eleven weeks, in steps that meet no full hour.
    Instant begin = MIDNIGHT.minus(Duration.ofDays(76));
    List<Sample> states = new ArrayList<>();
    for (int day = 0; day < 76; day += 3) {
      for (int i = 0; i < 60; i++) {
        Instant at = begin.plus(Duration.ofDays(day)).plus(Duration.ofSeconds(21_000 + 310L * i));
        states.add(Sample.good("pump", "running", at, new Value.State((i + day) / 7 % 2)));
      }
    }
    site.hub.samples("gw-a", states);
    String running = "";
    for (JsonNode p : pump().get("points")) {
      running = p.get("name").asText().equals("running") ? p.get("id").asText() : running;
    }
    String settings =
        """
        {"pumpGroups":[{"key":"second","name":{"zh":"二号泵","en":"Second"},
         "running":[{"pointId":"%s","codes":[1]}]}]}"""
            .formatted(running);
    assertThat(site.admin.send("PUT", "/sites/site-a/analysis", settings).status()).isEqualTo(200);
    site.hub.rollUp();
    List<String> bySamples = shares("2025-12-24", "2026-01-20");
    bySamples.addAll(shares("2026-01-21", "2026-03-09"));

    assertThat(shares("2025-12-24", "2026-03-09")).as("76 days, by rollups").isEqualTo(bySamples);
    assertThat(bySamples).anyMatch(s -> !s.startsWith("null")).anyMatch(s -> s.startsWith("null"));

    String hours = "/pumps?step=hour&from=2026-02-10&to=2026-02-13";
    String whole = ask(hours).toString();
    Kept month = new Kept(32, 32, 32, 400, 400);
    new Retention(
            site.hub.database(),
            new RetentionConfig(month, month, month, Map.of()),
            InstantSource.fixed(NOW))
        .run();
    assertThat(site.hub.count("SELECT count(*) FROM telemetry_state WHERE ts < '2026-02-09'"))
        .as("samples that are too old")
        .isZero();
    List<String> after = shares("2025-12-24", "2026-01-20");
    after.addAll(shares("2026-01-21", "2026-03-09"));
    assertThat(after).as("by rollups until 10 February, then by samples").isEqualTo(bySamples);
    assertThat(ask(hours).toString()).as("hours around the edge").isEqualTo(whole);
  }

  /** Share and hours of the only pump group, by day. */
  private List<String> shares(String from, String to) throws Exception {
    List<String> shares = new ArrayList<>();
    for (JsonNode v : ask("/pumps?from=" + from + "&to=" + to).at("/rows/0/values")) {
      shares.add(v.get("runningShare").asText() + " " + v.get("runningHours").asText());
    }
    return shares;
  }

  private JsonNode pump() throws Exception {
    String id = site.admin.get("/equipment").json().at("/0/id").asText();
    return site.admin.get("/equipment/" + id).json();
  }

  private JsonNode ask(String path) throws Exception {
    ApiClient.Answer answer = site.admin.get("/sites/site-a" + path);
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    return answer.json();
  }
}
