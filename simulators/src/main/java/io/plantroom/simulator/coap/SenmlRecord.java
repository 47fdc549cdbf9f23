package io.plantroom.simulator.coap;

import io.plantroom.profile.Point;
import io.plantroom.profile.PointKind;
import io.plantroom.profile.Quantity;
import io.plantroom.profile.Raw;
import io.plantroom.profile.StateText;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One value as a sensor tells it.
 *
 * @param name below the base name
 * @param unit as RFC 8428 writes it; null when it has no word for it
 * @param value a {@link Boolean}, {@link BigDecimal} or {@link String}
 */
record SenmlRecord(String name, @Nullable String unit, Object value) {
  private static final Map<String, String> UNITS =
      Map.ofEntries(
          Map.entry("°C", "Cel"),
          Map.entry("m³", "m3"),
          Map.entry("m3", "m3"),
          Map.entry("m³/s", "m3/s"),
          Map.entry("%RH", "%RH"),
          Map.entry("V", "V"),
          Map.entry("A", "A"),
          Map.entry("W", "W"),
          Map.entry("Pa", "Pa"),
          Map.entry("dBm", "dBm"),
          Map.entry("s", "s"),
          Map.entry("h", "h"),
          Map.entry("kWh", "kWh"));

  /** A sensor without a value, and without a code that says so, leaves the record out. */
  static boolean canSay(Point point, Quantity quantity) {
    return !(quantity instanceof Quantity.NotAvailable) || !point.notAvailable().isEmpty();
  }

  static SenmlRecord of(String name, Point point, Quantity quantity) {
    Raw raw = point.raw(quantity);
    if (raw instanceof Raw.Text text) {
      return new SenmlRecord(name, null, text.value());
    }
    if (raw instanceof Raw.Whole whole) {
      Object value = isFlag(point) ? whole.value() != 0 : BigDecimal.valueOf(whole.value());
      return new SenmlRecord(name, null, value);
    }
    return new SenmlRecord(
        name, point.unit() == null ? null : UNITS.get(point.unit()), number((Raw.Exact) raw));
  }

  /** As plain text, in LwM2M's way with booleans as 0 and 1. */
  String text() {
    if (value instanceof Boolean flag) {
      return flag ? "1" : "0";
    }
    return value instanceof BigDecimal number ? number.toPlainString() : value.toString();
  }

  private static BigDecimal number(Raw.Exact raw) {
    return raw.value().scale() < 0 ? raw.value().setScale(0) : raw.value();
  }

  /** A state of 0 and 1 is a boolean resource in LwM2M. */
  private static boolean isFlag(Point point) {
    return point.kind() == PointKind.STATE
        && List.of(0, 1).containsAll(point.states().stream().map(StateText::code).toList());
  }
}
