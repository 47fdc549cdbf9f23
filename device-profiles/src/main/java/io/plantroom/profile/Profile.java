package io.plantroom.profile;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A device model.
 *
 * @param profile id, {@code maker-model} in kebab-case; the file is named after it
 * @param source where the map comes from, so that a doubt can be followed up
 * @param verified whether somebody has held it against the real device
 */
public record Profile(
    String profile,
    String maker,
    String model,
    Category category,
    Protocol protocol,
    LocalText name,
    String source,
    boolean verified,
    Limits limits,
    List<Point> points,
    List<AlarmCondition> alarms,
    List<MaintenanceCounter> maintenance,
    List<BillingRegister> billing,
    Simulation simulation) {

  public Profile {
    limits = limits == null ? Limits.DEFAULT : limits;
    points = List.copyOf(points);
    alarms = alarms == null ? List.of() : List.copyOf(alarms);
    maintenance = maintenance == null ? List.of() : List.copyOf(maintenance);
    billing = billing == null ? List.of() : List.copyOf(billing);
    simulation = simulation == null ? Simulation.NONE : simulation;
    ProfileChecks checks = new ProfileChecks(protocol, points);
    checks.check(limits);
    checks.checkWritable(category);
    checks.check(alarms, maintenance, billing, simulation);
  }

  /** Names of the points that scale others; most profiles have none. */
  public Set<String> scalingPoints() {
    Set<String> names = Set.of();
    for (Point p : points) {
      for (ScaleBy by : p.scaleBy()) {
        names = names.isEmpty() ? new HashSet<>() : names;
        names.add(by.point());
      }
    }
    return names;
  }

  @JsonIgnore
  public Optional<Point> point(String pointName) {
    return points.stream().filter(p -> p.name().equals(pointName)).findFirst();
  }

  @JsonIgnore
  public Optional<AlarmCondition> alarm(String key) {
    return alarms.stream().filter(a -> a.key().equals(key)).findFirst();
  }
}
