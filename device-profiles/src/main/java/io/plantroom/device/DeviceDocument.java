package io.plantroom.device;

import com.fasterxml.jackson.databind.JsonNode;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.yaml.YamlException;
import io.plantroom.yaml.YamlFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Devices in a text of their own: {@code devices:} as in the agent's configuration, and {@code
 * without:} the keys of devices of that configuration that are not to be asked.
 *
 * @param problems what is wrong, {@code name:line: path: rule}; then the document must not be used
 */
public record DeviceDocument(
    List<DeviceEntry> devices, Set<String> without, List<String> problems) {

  /** More than a gateway box can ask. */
  private static final int MOST_DEVICES = 5000;

  public DeviceDocument {
    devices = List.copyOf(devices);
    without = Set.copyOf(without);
    problems = List.copyOf(problems);
  }

  /**
   * Reads a text; never fails.
   *
   * @param name how problems call it
   */
  public static DeviceDocument parse(String name, String text, ProfileCatalog catalog) {
    List<String> problems = new ArrayList<>();
    DeviceEntries entries = new DeviceEntries(catalog, problems);
    try {
      YamlFile file = YamlFile.parse(name, text);
      Written w = file.as(Written.class);
      List<Map<String, JsonNode>> devices = w.devices == null ? List.of() : w.devices;
      if (devices.size() > MOST_DEVICES) {
        problems.add(
            file.problem("/devices", "at most " + MOST_DEVICES + ", got " + devices.size()));
      } else {
        entries.add(file, devices);
      }
      Set<String> without = w.without == null ? Set.of() : Set.copyOf(w.without);
      entries.devices().stream()
          .filter(d -> without.contains(d.key()))
          .forEach(
              d ->
                  problems.add(
                      file.problem(
                          "/without", "device '" + d.key() + "' stands under devices, too")));
      return new DeviceDocument(entries.devices(), without, problems);
    } catch (YamlException e) {
      return new DeviceDocument(List.of(), Set.of(), e.problems());
    }
  }

  private record Written(
      @Nullable List<Map<String, JsonNode>> devices, @Nullable List<String> without) {}
}
