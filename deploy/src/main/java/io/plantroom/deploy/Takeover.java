package io.plantroom.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;

/**
 * What a company does when it takes over a property: the registers as they stood a month ago are
 * entered by hand, with the reason. Together with the next cut-off they make the simulated month.
 */
final class Takeover {
  private static final int DAYS = 30;

  private Takeover() {}

  /** Enters the month's first readings of all registers that have none; says how many. */
  static int enter(DemoSystem system, HubClient hub) throws Exception {
    // The next full hour after a month ago: the building's history begins with the month.
    Instant monthAgo =
        Instant.now()
            .minus(DAYS, ChronoUnit.DAYS)
            .truncatedTo(ChronoUnit.HOURS)
            .plus(1, ChronoUnit.HOURS);
    Map<String, String> shown = new HashMap<>();
    for (JsonNode r : system.building().registers(monthAgo)) {
      shown.put(r.get("device").asText() + "/" + r.get("point").asText(), r.get("value").asText());
    }
    int entered = 0;
    for (JsonNode meter : hub.get("meters?site=" + SmokeTest.SITE)) {
      for (JsonNode register : meter.get("registers")) {
        String value =
            shown.get(meter.get("device").asText() + "/" + register.get("point").asText());
        if (value != null) {
          hub.post(
              "readings",
              Map.of(
                  "registerId",
                  register.get("id").asText(),
                  "at",
                  monthAgo.toString(),
                  "value",
                  value,
                  "reason",
                  "接管初始读数 / reading at takeover"));
          entered++;
        }
      }
    }
    return entered;
  }
}
