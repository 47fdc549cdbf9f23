package io.plantroom.simulator;

import io.plantroom.profile.LocalText;
import io.plantroom.simulator.building.Building;
import io.plantroom.simulator.coap.CoapBus;
import io.plantroom.simulator.device.PlayedDevice;
import io.vertx.core.json.Json;
import java.time.Duration;
import java.util.Locale;

/** The devices of a running building as the {@code devices:} of the edge agent's configuration. */
final class EdgeDevices {
  /** Beside the file of the devices. */
  static final String KEY_FILE = "simulated-sensors.key";

  private EdgeDevices() {}

  static String yaml(SimulatedBuilding building) {
    StringBuilder out = new StringBuilder("devices:\n");
    for (PlayedDevice device : building.devices()) {
      Building.Entry entry = building.entry(device.key());
      line(out, "  - key: ", device.key());
      line(out, "    profile: ", entry.profile());
      line(out, "    endpoint: ", quoted(building.endpoint(device.key()).toString()));
      if (building.building().isSecure(entry.bus())) {
        line(
            out,
            "    access: ",
            "{ identity: " + CoapBus.IDENTITY + ", key-file: " + KEY_FILE + " }");
      }
      line(out, "    every: ", period(entry.period(device.profile())));
      line(out, "    name: ", text(entry.name()));
      line(out, "    location: ", text(entry.location()));
      line(out, "    serial: ", quoted(serial(entry)));
    }
    return out.toString();
  }

  private static void line(StringBuilder out, String key, String value) {
    out.append(key).append(value).append('\n');
  }

  private static String serial(Building.Entry entry) {
    return entry.serial() == null ? "SIM-" + entry.key().toUpperCase(Locale.ROOT) : entry.serial();
  }

  private static String text(LocalText text) {
    return "{ zh: " + quoted(text.zh()) + ", en: " + quoted(text.en()) + " }";
  }

  /** What is a string in JSON is the same one in YAML. */
  private static String quoted(String text) {
    return Json.encode(text);
  }

  private static String period(Duration period) {
    return period.toMillis() % 1000 == 0 ? period.toSeconds() + "s" : period.toMillis() + "ms";
  }
}
