package io.plantroom.edge.driver;

import io.plantroom.edge.config.DeviceConfig;

/** Makes the drivers of one URI scheme. Devices of one bus share its connection. Thread-safe. */
public interface DriverFactory extends AutoCloseable {
  /** A driver for the device. Does not connect yet: a dead device must not hold up the start. */
  ProtocolDriver open(DeviceConfig device);

  /** No device of this one's bus is asked any more: what they shared may be closed. */
  default void forget(DeviceConfig last) {}

  /** Closes what the drivers share. */
  @Override
  void close();
}
