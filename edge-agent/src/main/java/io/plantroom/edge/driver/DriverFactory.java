package io.plantroom.edge.driver;

import io.plantroom.edge.config.DeviceConfig;

/** Makes the drivers of one URI scheme. Devices of one bus share its connection. Thread-safe. */
public interface DriverFactory extends AutoCloseable {
  /**
   * A driver for the device. Does not connect yet: a dead device must not hold up the start. What
   * several drivers share ends with the last of them.
   */
  ProtocolDriver open(DeviceConfig device);

  /** Closes what the drivers share, also under those that are open. */
  @Override
  void close();
}
