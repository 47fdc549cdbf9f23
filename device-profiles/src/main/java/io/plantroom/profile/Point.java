package io.plantroom.profile;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One readable quantity of a device model. What the file does not say has its default here, so
 * nothing but the unit and the addresses is ever null.
 *
 * @param name key within the profile, kebab-case
 * @param scale factor from raw to unit, 1 unless said; {@code powerOfTwo} divides by 2^n instead
 * @param offset added after scaling, for instance -273.15 for Kelvin
 * @param notAvailable raw values by which the device says that it has none
 * @param deadband least change worth telling, in the unit; 0 tells every change
 */
public record Point(
    String name,
    LocalText title,
    PointKind kind,
    @Nullable String unit,
    PointAddress.@Nullable Modbus modbus,
    PointAddress.@Nullable OpcUa opcUa,
    PointAddress.@Nullable Coap coap,
    BigDecimal scale,
    Integer powerOfTwo,
    BigDecimal offset,
    List<BigDecimal> notAvailable,
    List<StateText> states,
    BigDecimal deadband,
    ScanClass scan) {

  public Point {
    if (!name.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
      throw new IllegalArgumentException("point name '" + name + "' must be kebab-case");
    }
    int addresses = (modbus == null ? 0 : 1) + (opcUa == null ? 0 : 1) + (coap == null ? 0 : 1);
    if (addresses != 1) {
      throw new IllegalArgumentException(
          "point '" + name + "' needs exactly one of modbus, opc-ua, coap");
    }
    if (kind == PointKind.STATE && (states == null || states.isEmpty())) {
      throw new IllegalArgumentException("state point '" + name + "' needs its states");
    }
    if ((kind == PointKind.ANALOG || kind == PointKind.COUNTER) && unit == null) {
      throw new IllegalArgumentException("point '" + name + "' needs a unit (\"1\" for none)");
    }
    scale = scale == null ? BigDecimal.ONE : scale;
    if (scale.signum() == 0) {
      throw new IllegalArgumentException("point '" + name + "': scale must not be 0");
    }
    powerOfTwo = powerOfTwo == null ? 0 : powerOfTwo;
    offset = offset == null ? BigDecimal.ZERO : offset;
    notAvailable = notAvailable == null ? List.of() : List.copyOf(notAvailable);
    states = states == null ? List.of() : List.copyOf(states);
    deadband = deadband == null ? BigDecimal.ZERO : deadband;
    scan = scan == null ? ScanClass.FAST : scan;
  }

  @JsonIgnore
  public PointAddress address() {
    if (modbus != null) {
      return modbus;
    }
    if (opcUa != null) {
      return opcUa;
    }
    if (coap != null) {
      return coap;
    }
    throw new IllegalStateException("checked by the constructor");
  }

  /** What a raw value of this point means. Never throws: what does not fit is said. */
  public Quantity quantity(Raw raw) {
    return Scaling.quantity(this, raw);
  }

  /** The raw value by which a device would show a quantity, for simulators and writing. */
  public Raw raw(Quantity quantity) {
    return Scaling.raw(this, quantity);
  }
}
