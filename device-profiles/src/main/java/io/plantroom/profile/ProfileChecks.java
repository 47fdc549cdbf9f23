package io.plantroom.profile;

import io.plantroom.yaml.ProblemAt;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must hold between the parts of a profile; a schema cannot say it. */
final class ProfileChecks {
  private final Map<String, Point> points = new HashMap<>();
  private final List<Point> all;

  ProfileChecks(Protocol protocol, List<Point> all) {
    this.all = all;
    for (int i = 0; i < all.size(); i++) {
      Point p = all.get(i);
      String at = "/points/" + i;
      if (points.put(p.name(), p) != null) {
        throw new ProblemAt(at + "/name", "point '" + p.name() + "' stands twice");
      }
      if (protocol(p.address()) != protocol) {
        throw new ProblemAt(at, "the address is not of the profile's protocol");
      }
      scales(at, p, all);
      typed(at, p);
      once(p.states().stream().map(StateText::code).toList(), at + "/states", "code");
    }
  }

  private static void scales(String at, Point p, List<Point> all) {
    for (int i = 0; i < p.scaleBy().size(); i++) {
      String other = p.scaleBy().get(i).point();
      Point by = all.stream().filter(o -> o.name().equals(other)).findFirst().orElse(null);
      if (by == null) {
        throw new ProblemAt(at + "/scale-by/" + i + "/point", "there is no point '" + other + "'");
      }
      if (by.kind() == PointKind.TEXT || !by.scaleBy().isEmpty()) {
        throw new ProblemAt(
            at + "/scale-by/" + i + "/point",
            "point '" + other + "' must be a number that is not scaled by others itself");
      }
    }
  }

  /** No point may lie where the device must not be read. */
  void check(Limits limits) {
    int i = 0;
    for (Point p : all) {
      PointAddress.Modbus a = p.modbus();
      if (a != null && limits.forbids(a.table(), a.register(), a.register() + a.registers())) {
        throw new ProblemAt("/points/" + i, "the limits say that this register is unreadable");
      }
      i++;
    }
  }

  /** What may be set, and to what. */
  void checkWritable(Category category) {
    for (int i = 0; i < all.size(); i++) {
      Writable writable = all.get(i).writable();
      if (writable == null) {
        continue;
      }
      String at = "/points/" + i + "/writable";
      if (category == Category.FIRE_PANEL) {
        throw new ProblemAt(
            at,
            "fire equipment is only listened to: no point of a fire panel may be written"
                + " 消防设备只监听，不允许下发控制");
      }
      writable(at, all.get(i), writable);
    }
  }

  private static void writable(String at, Point p, Writable w) {
    if (p.kind() == PointKind.ANALOG && (w.min() == null || w.max() == null)) {
      throw new ProblemAt(at, "an analog point needs min and max");
    }
    if (p.kind() == PointKind.STATE && w.states().isEmpty()) {
      throw new ProblemAt(at, "a state point needs the states that may be set");
    }
    if (p.kind() == PointKind.COUNTER || p.kind() == PointKind.TEXT) {
      throw new ProblemAt(at, "only points of kind analog and state can be written");
    }
    boolean bounds = w.min() != null || w.max() != null || w.step() != null;
    if (p.kind() == PointKind.STATE ? bounds : !w.states().isEmpty()) {
      throw new ProblemAt(at, "min, max and step go with analog points, states with state points");
    }
    Set<Integer> codes = new HashSet<>();
    p.states().forEach(s -> codes.add(s.code()));
    for (int i = 0; i < w.states().size(); i++) {
      if (!codes.contains(w.states().get(i))) {
        throw new ProblemAt(
            at + "/states/" + i, "point '" + p.name() + "' has no state " + w.states().get(i));
      }
    }
    addressed(at, p, w);
  }

  private static void addressed(String at, Point p, Writable w) {
    PointAddress.Modbus a = p.modbus();
    if (a != null
        && (a.table() == RegisterTable.INPUT_REGISTER
            || a.table() == RegisterTable.DISCRETE_INPUT)) {
      throw new ProblemAt(at, "inputs cannot be written, only coils and holding registers");
    }
    if (a != null && a.bits() != null) {
      throw new ProblemAt(at, "a part of a register cannot be written alone");
    }
    if (!p.scaleBy().isEmpty()) {
      throw new ProblemAt(at, "a point that others scale cannot be written");
    }
    if (p.coap() == null) {
      if (w.format() != null) {
        throw new ProblemAt(at + "/format", "a format goes with CoAP only");
      }
    } else if (p.coap().record() != null) {
      throw new ProblemAt(
          at, "one record of several cannot be written alone; give the path of its own resource");
    } else if (w.format() == WriteFormat.TLV && p.coap().type() == null) {
      throw new ProblemAt(
          at + "/format", "TLV does not say of what type a value is: give coap/type");
    }
  }

  /** A type that the point's kind cannot have. */
  private static void typed(String at, Point p) {
    CoapType type = p.coap() == null ? null : p.coap().type();
    if (type == null) {
      return;
    }
    boolean fits =
        switch (p.kind()) {
          case TEXT -> false;
          case STATE -> type != CoapType.FLOAT;
          default -> type != CoapType.BOOLEAN;
        };
    if (!fits) {
      throw new ProblemAt(
          at + "/coap/type",
          "a point of kind "
              + p.kind().name().toLowerCase(Locale.ROOT)
              + " cannot be of type "
              + type.name().toLowerCase(Locale.ROOT));
    }
  }

  void check(
      List<AlarmCondition> alarms,
      List<MaintenanceCounter> maintenance,
      List<BillingRegister> billing,
      Simulation simulation) {
    once(alarms.stream().map(AlarmCondition::key).toList(), "/alarms", "alarm");
    once(maintenance.stream().map(MaintenanceCounter::key).toList(), "/maintenance", "duty");
    once(billing.stream().map(BillingRegister::obis).toList(), "/billing", "obis");
    for (int i = 0; i < alarms.size(); i++) {
      trigger("/alarms/" + i + "/when", alarms.get(i).when());
      trigger("/alarms/" + i + "/whilst", alarms.get(i).whilst());
    }
    for (int i = 0; i < maintenance.size(); i++) {
      counter("/maintenance/" + i + "/point", maintenance.get(i).point());
    }
    for (int i = 0; i < billing.size(); i++) {
      counter("/billing/" + i + "/point", billing.get(i).point());
    }
    simulation.signals().forEach((p, s) -> signal("/simulation/signals/" + p, p, s));
    simulation
        .faults()
        .forEach(
            (name, f) ->
                f.set()
                    .keySet()
                    .forEach(p -> known("/simulation/faults/" + name + "/set/" + p, p)));
  }

  private void signal(String at, String point, Signal signal) {
    known(at, point);
    if (signal.integral() != null) {
      known(at + "/integral/of", signal.integral().of());
    }
    if (signal.edges() != null) {
      known(at + "/edges/of", signal.edges().of());
    }
    trigger(at + "/whilst", signal.whilst());
  }

  private void trigger(String at, @Nullable Trigger trigger) {
    if (trigger == null) {
      return;
    }
    Point point = known(at + "/point", trigger.point());
    if (trigger.oneOf() == null) {
      return;
    }
    Set<Integer> codes = new HashSet<>();
    point.states().forEach(s -> codes.add(s.code()));
    for (int i = 0; i < trigger.oneOf().size(); i++) {
      if (!codes.contains(trigger.oneOf().get(i))) {
        throw new ProblemAt(
            at + "/one-of/" + i,
            "point '" + point.name() + "' has no state " + trigger.oneOf().get(i));
      }
    }
  }

  private void counter(String at, String name) {
    if (known(at, name).kind() != PointKind.COUNTER) {
      throw new ProblemAt(at, "point '" + name + "' must be of kind counter");
    }
  }

  private Point known(String at, String name) {
    Point point = points.get(name);
    if (point == null) {
      throw new ProblemAt(at, "there is no point '" + name + "'");
    }
    return point;
  }

  private static void once(List<?> keys, String at, String what) {
    Set<Object> seen = new HashSet<>();
    for (int i = 0; i < keys.size(); i++) {
      if (!seen.add(keys.get(i))) {
        throw new ProblemAt(at + "/" + i, what + " '" + keys.get(i) + "' stands twice");
      }
    }
  }

  private static Protocol protocol(PointAddress address) {
    if (address instanceof PointAddress.Modbus) {
      return Protocol.MODBUS;
    }
    return address instanceof PointAddress.OpcUa ? Protocol.OPC_UA : Protocol.COAP;
  }
}
