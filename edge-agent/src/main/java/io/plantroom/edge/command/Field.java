package io.plantroom.edge.command;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.poll.Errand;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The devices, as far as commands need them. */
public interface Field {
  Optional<DeviceConfig> device(String key);

  /** Does something with a device between its polls, with the bus to itself. */
  <T> CompletableFuture<T> during(String device, Errand<T> errand);
}
