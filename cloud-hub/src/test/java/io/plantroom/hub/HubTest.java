package io.plantroom.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import io.plantroom.wire.Event;
import io.plantroom.wire.Receipt;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HubTest {
  @TempDir static Path folder = Path.of(".");
  private TestHub hub;

  @BeforeAll
  void start() throws Exception {
    hub = new TestHub(folder, TestDatabase.fresh(), InstantSource.system());
    hub.introduce("gw-a");
    hub.introduce("gw-b");
  }

  @AfterAll
  void stop() {
    hub.close();
  }

  @Test
  void theFirstPasswordStandsInAFileThatOnlyItsOwnerReads() throws Exception {
    Path file = folder.resolve("admin-password");

    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(new ApiClient(hub.base()).signIn("admin", "admin").status()).isEqualTo(401);
    assertThat(new ApiClient(hub.base()).signIn("admin", hub.secret("admin-password")).status())
        .isEqualTo(200);
  }

  @Test
  void samplesAreSeenAsEquipmentAndOverTime() throws Exception {
    Instant now = Instant.now();
    Receipt receipt =
        hub.samples(
            "gw-a",
            List.of(
                Sample.good("meter-1", "power", now, new Value.Analog(1234.5)),
                Sample.good(
                    "meter-1",
                    "energy-import",
                    now,
                    new Value.Counter(new BigDecimal("12345.670")))));
    assertThat(receipt.outcome()).isEqualTo(Receipt.Outcome.COMMITTED);

    ApiClient admin = hub.admin();
    JsonNode meter = find(admin.get("/equipment").json(), "device", "meter-1", "gw-a");
    assertThat(meter.at("/category").asText()).isEqualTo("electricity-meter");
    await()
        .untilAsserted(
            () -> {
              JsonNode points =
                  admin.get("/equipment/" + meter.get("id").asText()).json().get("points");
              assertThat(find(points, "name", "power").get("value").asDouble()).isEqualTo(1234.5);
              JsonNode energy = find(points, "name", "energy-import");
              assertThat(energy.get("value").isTextual()).isTrue();
              assertThat(energy.get("value").asText()).isEqualTo("12345.670");
            });
    JsonNode points = admin.get("/equipment/" + meter.get("id").asText()).json().get("points");
    String power = find(points, "name", "power").get("id").asText();
    JsonNode series = admin.get("/points/" + power + "/series").json();
    assertThat(series.get("rows")).hasSize(1);
    assertThat(series.at("/rows/0/last").asDouble()).isEqualTo(1234.5);
  }

  @Test
  void anAlarmLivesFromRaisedToClosed() throws Exception {
    UUID occurrence = UUID.randomUUID();
    hub.events("gw-a", alarm(occurrence, "dry-run", Event.Change.RAISED));
    ApiClient admin = hub.admin();

    JsonNode alarm = find(admin.get("/alarms").json().get("items"), "key", "dry-run");
    assertThat(alarm.get("state").asText()).isEqualTo("active-unacknowledged");
    String id = alarm.get("id").asText();
    assertThat(admin.post("/alarms/" + id + "/acknowledge", "{\"note\":\"on my way\"}").status())
        .isEqualTo(200);
    assertThat(admin.post("/alarms/" + id + "/acknowledge", "{}").status()).isEqualTo(409);
    hub.events("gw-a", alarm(occurrence, "dry-run", Event.Change.CLEARED));

    JsonNode closed = admin.get("/alarms/" + id).json();
    assertThat(closed.get("state").asText()).isEqualTo("cleared-acknowledged");
    assertThat(closed.get("history").findValuesAsText("what"))
        .containsExactly("raised", "acknowledged", "cleared");
    assertThat(admin.get("/alarms").json().get("items").findValuesAsText("id")).doesNotContain(id);
  }

  private static Event alarm(UUID occurrence, String key, Event.Change change) {
    return new Event.AlarmChange(Instant.now(), true, occurrence, "pump-1", key, change, null, "0");
  }

  static JsonNode find(JsonNode list, String field, String value) {
    for (JsonNode item : list) {
      if (item.path(field).asText().equals(value)) {
        return item;
      }
    }
    throw new AssertionError("no " + field + " = " + value + " in " + list);
  }

  private static JsonNode find(JsonNode list, String field, String value, String gateway) {
    for (JsonNode item : list) {
      if (item.path(field).asText().equals(value)
          && item.path("gateway").asText().equals(gateway)) {
        return item;
      }
    }
    throw new AssertionError("no " + value + " of " + gateway + " in " + list);
  }
}
