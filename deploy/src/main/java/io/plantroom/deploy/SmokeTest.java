package io.plantroom.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The way of the data from end to end, walked once: {@code ./demo --once}. */
final class SmokeTest {
  static final String SITE = "riverside";
  private static final Duration SOON = Duration.ofSeconds(60);

  private final DemoSystem system;
  private final Steps steps;
  private final PrintStream out;

  SmokeTest(DemoSystem system, Steps steps, PrintStream out) {
    this.system = system;
    this.steps = steps;
    this.out = out;
  }

  void run() throws Exception {
    HubClient admin = steps.now("signed in as admin with the generated password", system::admin);
    steps.await(
        "every point of every device has a good value, over Modbus, OPC UA and CoAP",
        SOON,
        () -> allGood(admin) ? true : null);
    pumpRunsDry(admin);
    monthIsBilled(admin);
  }

  private void pumpRunsDry(HubClient hub) throws Exception {
    String pump = firstDevice("dry-run");
    steps.now("made " + pump + " run dry", () -> show(pump, true));
    JsonNode alarm =
        steps.await("alarm raised", SOON, () -> alarm(hub, pump, "active-unacknowledged"));
    steps.await(
        "work order opened from the alarm",
        SOON,
        () -> find(hub.get("work-orders?state=open"), "alarmId", alarm.get("id").asText()));
    steps.now(
        "alarm acknowledged",
        () ->
            hub.post(
                "alarms/" + alarm.get("id").asText() + "/acknowledge",
                Map.of("note", "smoke test")));
    steps.now("water is back at " + pump, () -> show(pump, false));
    steps.await(
        "alarm cleared",
        SOON,
        () -> {
          JsonNode now = hub.get("alarms/" + alarm.get("id").asText());
          return now.get("state").asText().equals("cleared-acknowledged") ? now : null;
        });
  }

  private void monthIsBilled(HubClient admin) throws Exception {
    JsonNode taken =
        steps.now(
            "registers read at the cut-off",
            () -> admin.post("cut-offs", Map.of("site", SITE, "at", Instant.now().toString())));
    if (taken.get("missing").asInt() != 0) {
      throw new Steps.StepFailed("the cut-off missed registers: " + taken, null);
    }
    HubClient billing = system.billing();
    Set<String> read = new HashSet<>();
    String cursor = "";
    JsonNode page;
    do {
      page = billing.get("readings?limit=50" + (cursor.isEmpty() ? "" : "&after=" + cursor));
      for (JsonNode r : page.get("items")) {
        if (r.get("status").asText().equals("valid")) {
          read.add(r.get("registerId").asText());
        }
      }
      cursor = page.get("cursor").asText();
    } while (page.get("more").asBoolean());
    int registers = 0;
    for (JsonNode meter : admin.get("meters?site=" + SITE)) {
      registers += meter.get("registers").size();
    }
    if (registers == 0 || read.size() != registers) {
      throw new Steps.StepFailed(
          "pulled readings of " + read.size() + " of " + registers + " registers", null);
    }
    steps.now("pulled the month's readings of " + registers + " registers by cursor", () -> true);
    out.println("             cursor for the next pull: " + cursor);
  }

  private boolean allGood(HubClient hub) throws Exception {
    JsonNode devices = system.building().devices();
    JsonNode equipment = hub.get("equipment?site=" + SITE);
    Set<String> good = new HashSet<>();
    for (JsonNode e : equipment) {
      if (e.get("worst").asText().equals("good") && e.get("link").asText().equals("online")) {
        good.add(e.get("device").asText());
      }
    }
    for (JsonNode d : devices) {
      if (!good.contains(d.get("key").asText())) {
        return false;
      }
    }
    return devices.size() > 0;
  }

  private boolean show(String device, boolean fault) throws Exception {
    if (fault) {
      system.building().show(device, "dry-run");
    } else {
      system.building().end(device, "dry-run");
    }
    return true;
  }

  private String firstDevice(String fault) throws Exception {
    for (JsonNode d : system.building().devices()) {
      for (JsonNode f : d.get("faults")) {
        if (f.asText().equals(fault)) {
          return d.get("key").asText();
        }
      }
    }
    throw new Steps.StepFailed("no simulated device can show " + fault, null);
  }

  private static @Nullable JsonNode alarm(HubClient hub, String device, String state)
      throws Exception {
    String equipment = "";
    for (JsonNode e : hub.get("equipment?site=" + SITE)) {
      if (e.get("device").asText().equals(device)) {
        equipment = e.get("id").asText();
      }
    }
    for (JsonNode a : hub.get("alarms?state=open&equipment=" + equipment).get("items")) {
      if (a.get("key").asText().equals("dry-run") && a.get("state").asText().equals(state)) {
        return a;
      }
    }
    return null;
  }

  private static @Nullable JsonNode find(JsonNode list, String field, String value) {
    for (JsonNode item : list) {
      if (value.equals(item.path(field).asText())) {
        return item;
      }
    }
    return null;
  }
}
