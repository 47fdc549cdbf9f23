package io.plantroom.simulator.modbus;

import io.plantroom.profile.Point;
import io.plantroom.profile.PointAddress;
import io.plantroom.profile.Profile;
import io.plantroom.profile.Quantity;
import io.plantroom.profile.Raw;
import io.plantroom.profile.RegisterCodec;
import io.plantroom.profile.RegisterTable;
import io.plantroom.profile.RegisterType;
import io.plantroom.simulator.device.Device;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where the points of a model lie. Between its lowest and its highest address a table has no holes:
 * what no point names is 0, as in most devices. Outside there is nothing.
 */
final class RegisterMap {
  private final Map<RegisterTable, List<Point>> tables = new EnumMap<>(RegisterTable.class);
  private final Profile profile;
  private final int maxRegisters;
  // No value is longer, so none that overlaps a request begins further away.
  private final int margin;

  RegisterMap(Profile profile) {
    this.profile = profile;
    this.maxRegisters = profile.limits().maxRegisters();
    int longest = 1;
    for (Point point : profile.points()) {
      if (point.modbus() != null) {
        longest = Math.max(longest, point.modbus().registers());
        tables.computeIfAbsent(point.modbus().table(), t -> new ArrayList<>()).add(point);
      }
    }
    margin = longest;
  }

  /** The registers, or bits as 0 and 1, of one moment. */
  int[] read(RegisterTable table, int from, int count, Device.Moment moment) throws Refusal {
    List<Point> points = tables.getOrDefault(table, List.of());
    if (count < 1 || count > (table.holdsBits() ? 2000 : maxRegisters)) {
      throw new Refusal(Refusal.ILLEGAL_VALUE);
    }
    int low = Integer.MAX_VALUE;
    int high = -1;
    int[] window = new int[count + 2 * margin];
    for (Point point : points) {
      PointAddress.Modbus address = address(point);
      Quantity quantity = moment.of(point).orElse(null);
      if (quantity == null) {
        continue;
      }
      int end = address.register() + address.registers();
      low = Math.min(low, address.register());
      high = Math.max(high, end);
      if (end > from && address.register() < from + count) {
        int at = address.register() - from + margin;
        write(point, address, quantity, other -> number(other, moment), window, at);
      }
    }
    if (from < low || from + count > high) {
      throw new Refusal(Refusal.ILLEGAL_ADDRESS);
    }
    return Arrays.copyOfRange(window, margin, margin + count);
  }

  /** Sets the point that lies exactly there; no other may be written. */
  void write(RegisterTable table, int from, int[] values, Device device) throws Refusal {
    List<Point> writable =
        tables.getOrDefault(table, List.of()).stream().filter(p -> p.writable() != null).toList();
    if (writable.isEmpty()) {
      throw new Refusal(Refusal.ILLEGAL_FUNCTION);
    }
    for (Point point : writable) {
      PointAddress.Modbus address = address(point);
      if (address.register() == from && address.registers() == values.length) {
        if (!device.set(point, point.quantity(RegisterCodec.decode(address, values, 0)))) {
          throw new Refusal(Refusal.ILLEGAL_VALUE);
        }
        return;
      }
    }
    throw new Refusal(Refusal.ILLEGAL_ADDRESS);
  }

  private @Nullable BigDecimal number(String point, Device.Moment moment) {
    return profile.point(point).flatMap(moment::of).map(Quantity::number).orElse(null);
  }

  private static void write(
      Point point,
      PointAddress.Modbus address,
      Quantity quantity,
      Function<String, @Nullable BigDecimal> others,
      int[] registers,
      int at) {
    if (quantity instanceof Quantity.NotAvailable && point.notAvailable().isEmpty()) {
      notANumber(address, registers, at);
      return;
    }
    Raw raw = point.raw(quantity, others);
    RegisterCodec.encode(
        address,
        raw instanceof Raw.Text text && address.type() != RegisterType.TEXT
            ? new Raw.Exact(new BigDecimal(text.value()))
            : raw,
        registers,
        at);
  }

  /** How a float says that it has no value; other types without a code for it stay 0. */
  private static void notANumber(PointAddress.Modbus address, int[] registers, int at) {
    if (address.type() == RegisterType.FLOAT32 || address.type() == RegisterType.FLOAT64) {
      for (int i = 0; i < address.registers(); i++) {
        registers[at + i] = 0x7FFF;
      }
    }
  }

  private static PointAddress.Modbus address(Point point) {
    return (PointAddress.Modbus) point.address();
  }
}
