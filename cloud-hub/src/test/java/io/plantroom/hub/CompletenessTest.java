package io.plantroom.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.plantroom.telemetry.Cause;
import io.plantroom.telemetry.Lane;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import io.plantroom.wire.Event;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A day of a gateway in the gap ledger. The site's day begins at 16:00 UTC of the day before. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("faults")
class CompletenessTest {
  private static final Instant BEGIN = Instant.parse("2026-03-09T16:00:00Z");
  private static final int SLOTS = 144;

  @TempDir static Path folder = Path.of(".");
  private TestHub hub;
  private ApiClient admin = new ApiClient("http://127.0.0.1");
  private String gateway = "";

  @BeforeAll
  void start() throws Exception {
    Instant now = BEGIN.plus(Duration.ofDays(2));
    hub = new TestHub(folder, TestDatabase.fresh(), InstantSource.fixed(now));
    admin = hub.admin();
    gateway = HubTest.find(admin.get("/gateways").json(), "code", "gw-a").get("id").asText();

    List<Sample> samples = new ArrayList<>();
    for (int slot = -1; slot <= SLOTS; slot++) {
      Instant at = BEGIN.plus(Duration.ofMinutes(10L * slot + 5));
      boolean agentDown = slot >= 30 && slot < 36;
      boolean evicted = slot >= 40 && slot < 46;
      if (agentDown || evicted) {
        continue;
      }
      samples.add(Sample.good("steady", "t", at, new Value.Analog(slot)));
      if (slot >= 10 && slot < 13) {
        samples.add(Sample.bad("ill", "t", at, Cause.TIMEOUT));
      } else if (slot >= 13 && slot < 15) {
        samples.add(Sample.bad("ill", "t", at, Cause.NO_CONNECTION));
      } else if (slot < 100) {
        samples.add(Sample.good("ill", "t", at, new Value.State(slot)));
      }
    }
    hub.samples("gw-a", samples);
    hub.events(
        "gw-a",
        new Event.RecordsLost(
            at(60),
            true,
            Lane.TELEMETRY,
            "gw-a".hashCode(),
            5000,
            5400,
            Event.LossReason.EVICTED,
            at(40),
            at(45),
            "quota 10 MB"),
        new Event.LinkChange(at(120), true, "ill", false, "no answer"),
        new Event.LinkChange(at(131), true, "ill", true, null));
  }

  @AfterAll
  void stop() {
    hub.close();
  }

  @Test
  void eachHoleHasItsCauseAndTheCountsAddUp() throws Exception {
    JsonNode day = day("2026-03-10");

    assertThat(day.get("expected").asInt()).isEqualTo(2 * SLOTS);
    assertThat(day.get("received").asInt()).isEqualTo((SLOTS - 12) + (100 - 5 - 12));
    assertThat(day.get("bad").asInt()).isEqualTo(5);
    assertThat(day.get("missing").asInt()).isEqualTo(12 + 12 + 44);
    assertThat(holes(day, "ill"))
        .containsExactly(
            "10-13 device-silent",
            "13-15 bus-down",
            "30-36 agent-down",
            "40-46 evicted",
            "100-120 unknown",
            "120-132 device-silent",
            "132-144 unknown");
    assertThat(holes(day, "steady")).containsExactly("30-36 agent-down", "40-46 evicted");
    assertThat(day.get("lost")).hasSize(1);
    assertThat(day.at("/lost/0/reason").asText()).isEqualTo("evicted");
    assertThat(day.at("/lost/0/detail").asText()).isEqualTo("quota 10 MB");
  }

  @Test
  void aPointTellsTheSameDayByDay() throws Exception {
    String point = point("ill");

    JsonNode days =
        admin
            .get("/points/" + point + "/completeness?from=2026-03-09&to=2026-03-11")
            .json()
            .get("days");

    assertThat(days.findValuesAsText("day"))
        .containsExactly("2026-03-09", "2026-03-10", "2026-03-11");
    assertThat(days.get(0).get("expected").asInt()).as("first seen in its last slot").isEqualTo(1);
    assertThat(days.get(1).get("missing").asInt()).isEqualTo(12 + 44);
    await()
        .untilAsserted(
            () -> {
              String path = "/points/" + point + "/completeness?from=2026-03-11&to=2026-03-11";
              JsonNode holes = admin.get(path).json().at("/days/0/holes");
              assertThat(holes.findValuesAsText("cause")).startsWith("unknown").endsWith("pending");
            });
    assertThat(admin.get("/points/" + point + "/completeness?from=2026-01-01").status())
        .isEqualTo(400);
    assertThat(admin.get("/gateways/" + gateway + "/gaps?day=today").status()).isEqualTo(400);
  }

  @Test
  void dataThatComesLateClosesTheHoleAtOnce() throws Exception {
    int missing = count(day("2026-03-11"), "steady", "missing");
    Instant late = at(SLOTS + 100);

    hub.samples("gw-a", List.of(Sample.good("steady", "t", late, new Value.Analog(1))));

    assertThat(count(day("2026-03-11"), "steady", "missing")).isEqualTo(missing - 1);
  }

  @Test
  void whatIsNotKeptAnyLongerIsNotMissing() throws Exception {
    hub.hub()
        .database()
        .jdbi()
        .useHandle(
            h ->
                h.createUpdate(
                        """
                        INSERT INTO retention_horizon (site_id, class, data, kept_from)
                        VALUES ('site-a', 'measurement', 'telemetry', :from)""")
                    .bind("from", BEGIN.plus(Duration.ofHours(12)).atOffset(ZoneOffset.UTC))
                    .execute());
    try {
      JsonNode day = day("2026-03-10");

      assertThat(count(day, "steady", "expected")).as("half of the day is kept").isEqualTo(72);
      assertThat(holes(day, "steady")).isEmpty();
      assertThat(count(day, "ill", "expected")).as("of another class").isEqualTo(SLOTS);
    } finally {
      hub.hub().database().jdbi().useHandle(h -> h.execute("DELETE FROM retention_horizon"));
    }
  }

  private static Instant at(int slot) {
    return BEGIN.plus(Duration.ofMinutes(10L * slot + 1));
  }

  private JsonNode day(String day) throws Exception {
    return admin.get("/gateways/" + gateway + "/gaps?day=" + day).json();
  }

  private static int count(JsonNode day, String device, String what) {
    for (JsonNode p : day.get("points")) {
      if (p.at("/equipmentName/en").asText().equals(device)) {
        return p.get(what).asInt();
      }
    }
    throw new AssertionError("no point of " + device);
  }

  private static List<String> holes(JsonNode day, String device) {
    List<String> found = new ArrayList<>();
    for (JsonNode hole : day.get("holes")) {
      if (hole.at("/equipmentName/en").asText().equals(device)) {
        found.add(slot(hole, "from") + "-" + slot(hole, "to") + " " + hole.get("cause").asText());
      }
    }
    return found;
  }

  private static long slot(JsonNode hole, String field) {
    return Duration.between(BEGIN, Instant.parse(hole.get(field).asText())).toMinutes() / 10;
  }

  private String point(String device) throws Exception {
    for (JsonNode p : day("2026-03-10").get("points")) {
      if (p.at("/equipmentName/en").asText().equals(device)) {
        return p.get("pointId").asText();
      }
    }
    throw new AssertionError("no point of " + device);
  }
}
