package io.plantroom.profile;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One readable quantity of a device model. What the file does not say has its default here, so
 * nothing but the unit and the addresses is ever null.
 *
 * @param name key within the profile, kebab-case
 * @param scale factor from raw to unit, 1 unless said; {@code powerOfTwo} divides by 2^n instead
 * @param offset added after scaling, for instance -273.15 for Kelvin
 * @param notAvailable raw values by which the device says that it has none
 * @param scaleBy other points that scale this one as well, in their order
 * @param deadband least change worth telling, in the unit; 0 tells every change
 * @param deadbandPercent the same in percent of the range, in place of {@code deadband}
 * @param range what the value can be
 * @param heartbeat longest silence while nothing changes; the gateway's own unless said
 * @param writable that and how it may be set; null for a point that is only read
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
    List<ScaleBy> scaleBy,
    List<BigDecimal> notAvailable,
    List<StateText> states,
    BigDecimal deadband,
    @Nullable BigDecimal deadbandPercent,
    @Nullable Range range,
    @Nullable Duration heartbeat,
    ScanClass scan,
    @Nullable Writable writable) {

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
    scaleBy = scaleBy == null ? List.of() : List.copyOf(scaleBy);
    if (deadbandPercent != null && (range == null || deadband != null)) {
      throw new IllegalArgumentException(
          "point '" + name + "': deadband-percent needs a range, and no deadband beside it");
    }
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

  /** Least change worth telling, in the unit. */
  public double threshold() {
    return range == null || deadbandPercent == null
        ? deadband.doubleValue()
        : range
            .high()
            .subtract(range.low())
            .multiply(deadbandPercent)
            .movePointLeft(2)
            .doubleValue();
  }

  /**
   * What a raw value means, for a point that others scale.
   *
   * @param others value of another point by name, or null when it is not known; this one has no
   *     value then
   */
  public Quantity quantity(Raw raw, Function<String, @Nullable BigDecimal> others) {
    return Scaling.quantity(this, raw, factor(others));
  }

  /** As {@link #raw(Quantity)}, for a point that others scale. */
  public Raw raw(Quantity quantity, Function<String, @Nullable BigDecimal> others) {
    BigDecimal factor = factor(others);
    return Scaling.raw(this, quantity, factor == null ? BigDecimal.ONE : factor);
  }

  private @Nullable BigDecimal factor(Function<String, @Nullable BigDecimal> others) {
    BigDecimal factor = BigDecimal.ONE;
    for (ScaleBy by : scaleBy) {
      BigDecimal other = others.apply(by.point());
      BigDecimal one = other == null ? null : by.factor(other);
      if (one == null) {
        return null;
      }
      factor = factor.multiply(one);
    }
    return factor;
  }

  /** What a raw value of this point means. Never throws: what does not fit is said. */
  public Quantity quantity(Raw raw) {
    return quantity(raw, other -> null);
  }

  /** The raw value by which a device would show a quantity, for simulators and writing. */
  public Raw raw(Quantity quantity) {
    return raw(quantity, other -> null);
  }
}
