package io.plantroom.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import io.plantroom.wire.Event;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A point that reports once an hour is not missing in between, and is missing after two. */
class SeldomHeardTest {
  /** The beginning of 2026-03-10 at the site. */
  private static final Instant BEGIN = Instant.parse("2026-03-09T16:00:00Z");

  private static final String POINT = "frequency";

  @TempDir Path folder = Path.of(".");

  @Test
  void aPointIsMissingOnlyAfterTwiceTheSilenceThatItsGatewayAnnounced() throws Exception {
    Instant now = BEGIN.plus(Duration.ofDays(2));
    try (TestHub hub = new TestHub(folder, TestDatabase.fresh(), InstantSource.fixed(now))) {
      hub.events("gw-a", inventory(new Event.Reporting(300, Map.of(POINT, 3600L))));
      List<Sample> samples = new ArrayList<>();
      for (int hour = -1; hour < 24; hour++) {
        if (hour < 10 || hour >= 15) {
          samples.add(sample(hour));
        }
      }
      hub.samples("gw-a", samples);

      JsonNode day = gaps(hub);

      // Hour 9 speaks for itself and until 11:00; hour 15 is heard again.
      assertThat(day.get("missing").asInt()).isEqualTo(4 * 6);
      assertThat(day.get("received").asInt()).isEqualTo(20 * 6);
      assertThat(day.get("samples").asInt()).isEqualTo(19);
      assertThat(day.get("holes")).hasSize(1);
      assertThat(day.at("/holes/0/from").asText())
          .isEqualTo(BEGIN.plus(Duration.ofHours(11)).toString());
    }
  }

  private static Event inventory(Event.Reporting reporting) {
    return new Event.Inventory(
        BEGIN,
        true,
        "1.0",
        List.of(
            new Event.Device(
                "meter-1",
                "eastron-sdm630",
                new Event.LocalName("总电表", "Main meter"),
                null,
                "modbus-tcp://127.0.0.1:502?unit=1",
                null,
                reporting)));
  }

  private static Sample sample(int hour) {
    return Sample.good("meter-1", POINT, BEGIN.plus(Duration.ofHours(hour)), new Value.Analog(50));
  }

  private static JsonNode gaps(TestHub hub) throws Exception {
    ApiClient admin = hub.admin();
    String gateway = HubTest.find(admin.get("/gateways").json(), "code", "gw-a").get("id").asText();
    return admin.get("/gateways/" + gateway + "/gaps?day=2026-03-10").json();
  }
}
