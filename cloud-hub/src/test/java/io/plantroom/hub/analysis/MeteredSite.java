package io.plantroom.hub.analysis;

import com.fasterxml.jackson.databind.JsonNode;
import io.plantroom.hub.ApiClient;
import io.plantroom.hub.TestHub;
import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import io.plantroom.wire.Event;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A hub with as many electricity meters as a test wants, at two sites. */
final class MeteredSite implements AutoCloseable {
  final TestHub hub;
  final ApiClient admin;

  MeteredSite(Path folder, DatabaseConfig database, Instant now) throws Exception {
    hub = new TestHub(folder, database, InstantSource.fixed(now));
    admin = hub.admin();
  }

  /** Names the devices of a gateway by their keys and profiles. */
  void devices(String gateway, Map<String, String> devices) throws Exception {
    List<Event.Device> list = new ArrayList<>();
    for (Map.Entry<String, String> device : devices.entrySet()) {
      list.add(
          new Event.Device(
              device.getKey(),
              device.getValue(),
              new Event.LocalName(device.getKey(), device.getKey()),
              null,
              "modbus-tcp://127.0.0.1:502/" + (list.size() + 1),
              null));
    }
    hub.events(gateway, new Event.Inventory(Instant.now(), true, "1.0", list));
  }

  void counter(String gateway, String device, String point, List<Sample> samples) throws Exception {
    List<Sample> named = new ArrayList<>();
    for (Sample s : samples) {
      named.add(Sample.good(device, point, s.at(), Objects.requireNonNull(s.value())));
    }
    hub.samples(gateway, named);
  }

  /** A sample whose device and point are given later. */
  static Sample at(Instant at, String value) {
    return Sample.good("any", "any", at, new Value.Counter(new BigDecimal(value)));
  }

  /** The only row about a device. */
  static JsonNode row(JsonNode answer, String device) {
    JsonNode found = null;
    for (JsonNode row : answer.get("rows")) {
      if (row.at("/name/en").asText().equals(device)) {
        if (found != null) {
          throw new AssertionError("two rows of " + device + " in " + answer);
        }
        found = row;
      }
    }
    if (found == null) {
      throw new AssertionError("no row of " + device + " in " + answer);
    }
    return found;
  }

  /** What an SQL says, as text. */
  String text(String sql) {
    return hub.database().jdbi().withHandle(h -> h.createQuery(sql).mapTo(String.class).one());
  }

  @Override
  public void close() {
    hub.close();
  }
}
