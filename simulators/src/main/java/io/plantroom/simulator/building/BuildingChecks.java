package io.plantroom.simulator.building;

import io.plantroom.profile.Profile;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.profile.Protocol;
import io.plantroom.yaml.YamlFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What must hold between the entries of a building. */
final class BuildingChecks {
  private final Building building;
  private final YamlFile file;
  private final ProfileCatalog catalog;
  private final List<String> problems = new ArrayList<>();
  private final Map<String, String> taken = new HashMap<>();

  private BuildingChecks(Building building, YamlFile file, ProfileCatalog catalog) {
    this.building = building;
    this.file = file;
    this.catalog = catalog;
  }

  static List<String> problems(Building building, YamlFile file, ProfileCatalog catalog) {
    BuildingChecks checks = new BuildingChecks(building, file, catalog);
    for (int i = 0; i < building.devices().size(); i++) {
      checks.device("/devices/" + i, building.devices().get(i));
    }
    return checks.problems;
  }

  private void device(String at, Building.Entry device) {
    if (taken.put(device.key(), device.key()) != null) {
      wrong(at + "/key", "device '" + device.key() + "' stands twice");
    }
    Building.Bus bus = building.buses().get(device.bus());
    if (bus == null) {
      wrong(
          at + "/bus",
          "no bus '"
              + device.bus()
              + "'; there are "
              + String.join(", ", building.buses().keySet()));
      return;
    }
    Optional<Profile> profile = catalog.find(device.profile());
    if (profile.isEmpty()) {
      wrong(
          at + "/profile",
          "no profile '"
              + device.profile()
              + "'; there are "
              + catalog.all().stream().map(Profile::profile).collect(Collectors.joining(", ")));
    } else if (profile.get().protocol() != bus.protocol()) {
      wrong(
          at + "/bus",
          "profile '"
              + device.profile()
              + "' speaks "
              + word(profile.get().protocol())
              + ", bus '"
              + device.bus()
              + "' is "
              + word(bus.protocol()));
    }
    unit(at, device, bus);
  }

  private void unit(String at, Building.Entry device, Building.Bus bus) {
    if (bus.protocol() != Protocol.MODBUS) {
      if (device.unit() != null) {
        wrong(at + "/unit", "only Modbus devices have a unit");
      }
      return;
    }
    if (device.unit() == null || device.unit() < 1 || device.unit() > 247) {
      wrong(at + "/unit", "a Modbus device needs a unit from 1 to 247");
      return;
    }
    String other = taken.put(device.bus() + " " + device.unit(), device.key());
    if (other != null) {
      wrong(
          at + "/unit",
          "unit " + device.unit() + " of bus '" + device.bus() + "' is '" + other + "' already");
    }
  }

  private void wrong(String pointer, String rule) {
    problems.add(file.problem(pointer, rule));
  }

  private static String word(Protocol protocol) {
    return protocol.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
