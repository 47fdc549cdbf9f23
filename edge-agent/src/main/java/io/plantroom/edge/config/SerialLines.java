package io.plantroom.edge.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Devices of one serial line must agree on how it is driven. */
public final class SerialLines {
  private static final Map<String, String> SETTINGS =
      Map.of("baud", "9600", "parity", "none", "stop-bits", "1", "rs485", "off");

  private SerialLines() {}

  /** Who disagrees with the first device of his line, whose settings count. */
  public static List<String> problems(List<DeviceConfig> devices) {
    Map<String, DeviceConfig> first = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    for (DeviceConfig device : devices) {
      if (!"modbus-rtu".equals(device.endpoint().getScheme())) {
        continue;
      }
      DeviceConfig other = first.putIfAbsent(device.bus(), device);
      if (other != null) {
        SETTINGS.keySet().stream()
            .sorted()
            .filter(s -> !setting(other, s).equals(setting(device, s)))
            .map(s -> words(other, device, s))
            .forEach(problems::add);
      }
    }
    return problems;
  }

  private static String words(DeviceConfig first, DeviceConfig device, String setting) {
    return "device '"
        + device.key()
        + "': "
        + setting
        + " "
        + setting(device, setting)
        + " on a line that device '"
        + first.key()
        + "' drives with "
        + setting(first, setting)
        + "; all devices of a line have one setting";
  }

  private static String setting(DeviceConfig device, String name) {
    return Objects.requireNonNullElse(
        device.parameter(name), Objects.requireNonNull(SETTINGS.get(name)));
  }
}
