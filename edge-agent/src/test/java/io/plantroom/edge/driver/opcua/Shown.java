package io.plantroom.edge.driver.opcua;

import io.plantroom.profile.Profile;
import io.plantroom.profile.Quantity;
import io.plantroom.simulator.device.Answering;
import io.plantroom.simulator.device.Device;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A device that shows what a test wants. */
record Shown(String key, Profile profile, boolean tells, Map<String, Double> values)
    implements Device {
  static Shown of(Profile profile, boolean tells) {
    Shown shown = new Shown("dev", profile, tells, new ConcurrentHashMap<>());
    profile.points().forEach(p -> shown.show(p.name(), 100));
    return shown;
  }

  void show(String point, double value) {
    values.put(point, value);
  }

  @Override
  public Answering answering() {
    return Answering.PROMPT;
  }

  @Override
  public Moment now() {
    return point ->
        Optional.of(new Quantity.Analog(Objects.requireNonNull(values.get(point.name()))));
  }
}
