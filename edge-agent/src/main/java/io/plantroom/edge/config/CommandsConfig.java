package io.plantroom.edge.config;

import io.plantroom.profile.Category;
import io.plantroom.profile.Point;
import io.plantroom.yaml.YamlFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What may be written to the field at this site. Only the local file says it, never the hub.
 *
 * @param allow nothing unless said
 */
public record CommandsConfig(@Nullable List<Allowed> allow) {
  /** Nothing may be written. */
  public static final CommandsConfig NONE = new CommandsConfig(null);

  /** Points of a device that may be written. */
  public record Allowed(String device, List<String> points) {
    public Allowed {
      points = List.copyOf(points);
      if (points.isEmpty()) {
        throw new IllegalArgumentException("points: name each point that may be written");
      }
    }
  }

  public CommandsConfig {
    allow = allow == null ? List.of() : List.copyOf(allow);
  }

  private List<Allowed> rules() {
    return allow == null ? List.of() : allow;
  }

  public boolean isAnythingAllowed() {
    return !rules().isEmpty();
  }

  public boolean allows(String device, String point) {
    return points(device).contains(point);
  }

  /** Points of this device that the file names. */
  public List<String> points(String device) {
    return rules().stream()
        .filter(a -> a.device().equals(device))
        .flatMap(a -> a.points().stream())
        .distinct()
        .toList();
  }

  /** Devices that the file names and that are not among these. */
  public List<String> strangers(Set<String> devices) {
    return rules().stream().map(Allowed::device).filter(d -> !devices.contains(d)).toList();
  }

  /** What cannot be meant, of the devices that are known. */
  List<String> problems(YamlFile file, List<DeviceConfig> devices) {
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < rules().size(); i++) {
      Allowed rule = rules().get(i);
      String at = "/commands/allow/" + i;
      for (DeviceConfig device : devices) {
        if (device.key().equals(rule.device())) {
          problems(file, at, rule, device, problems);
        }
      }
    }
    return problems;
  }

  private static void problems(
      YamlFile file, String at, Allowed rule, DeviceConfig device, List<String> problems) {
    if (device.profile().category() == Category.FIRE_PANEL) {
      problems.add(
          file.problem(
              at + "/device",
              "'" + device.key() + "' is a fire panel, which is only listened to 消防设备只监听"));
      return;
    }
    for (int i = 0; i < rule.points().size(); i++) {
      Optional<Point> point = device.profile().point(rule.points().get(i));
      if (point.isEmpty() || point.get().writable() == null) {
        problems.add(
            file.problem(
                at + "/points/" + i,
                "profile '"
                    + device.profile().profile()
                    + (point.isEmpty()
                        ? "' has no point '"
                        : "' does not call writable its point '")
                    + rule.points().get(i)
                    + "'"));
      }
    }
  }
}
