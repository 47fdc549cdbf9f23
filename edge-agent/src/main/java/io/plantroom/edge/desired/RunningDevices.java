package io.plantroom.edge.desired;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.poll.DeviceStatus;
import java.util.List;

/** The part of the agent that asks devices. Called from one thread at a time; may block. */
public interface RunningDevices {
  List<DeviceStatus> devices();

  /**
   * Asks these from now on, on trial: what the others have left behind, such as their alarms,
   * stays.
   *
   * @throws RuntimeException when that cannot be; nothing has changed then
   */
  void change(List<DeviceConfig> devices);

  /** These it is: what is left of others is put away, and the hub is told. May be repeated. */
  void settle(List<DeviceConfig> devices);
}
