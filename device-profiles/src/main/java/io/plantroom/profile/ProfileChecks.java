package io.plantroom.profile;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What must hold between the parts of a profile; a schema cannot say it. */
final class ProfileChecks {
  private ProfileChecks() {}

  static void references(
      Set<String> points,
      List<AlarmCondition> alarms,
      List<MaintenanceCounter> maintenance,
      List<BillingRegister> billing,
      Simulation simulation) {
    Set<String> keys = new HashSet<>();
    for (AlarmCondition a : alarms) {
      if (!keys.add(a.key())) {
        throw new IllegalArgumentException("alarm '" + a.key() + "' stands twice");
      }
      known(points, a.when().point(), "alarm '" + a.key() + "'");
      if (a.whilst() != null) {
        known(points, a.whilst().point(), "alarm '" + a.key() + "'");
      }
    }
    maintenance.forEach(m -> known(points, m.point(), "maintenance '" + m.key() + "'"));
    billing.forEach(b -> known(points, b.point(), "billing register " + b.obis()));
    simulation.signals().keySet().forEach(s -> known(points, s, "simulation signal"));
    simulation
        .faults()
        .forEach(
            (fault, f) -> f.set().keySet().forEach(p -> known(points, p, "fault '" + fault + "'")));
  }

  private static void known(Set<String> points, String point, String who) {
    if (!points.contains(point)) {
      throw new IllegalArgumentException(
          who + " names point '" + point + "', which does not exist");
    }
  }
}
