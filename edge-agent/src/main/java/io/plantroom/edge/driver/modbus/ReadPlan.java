package io.plantroom.edge.driver.modbus;

import io.plantroom.profile.Limits;
import io.plantroom.profile.Point;
import io.plantroom.profile.PointAddress;
import io.plantroom.profile.RegisterTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * The fewest requests that read all points of a device without asking for more than it bears. A
 * value of several registers is never spread over two requests: its halves would be of two moments.
 */
final class ReadPlan {
  private static final int MAX_BITS = 2000;

  private ReadPlan() {}

  /** A point and its place among those that were asked for. */
  record Wanted(Point point, int place) {}

  /** One request. Points are in the order of their addresses and lie wholly within it. */
  record Block(RegisterTable table, int first, int count, List<Wanted> wanted) {
    Block {
      wanted = List.copyOf(wanted);
    }

    /** Two requests in place of one that the device refused; only when there are two points. */
    List<Block> halves() {
      int middle = wanted.size() / 2;
      return List.of(of(wanted.subList(0, middle)), of(wanted.subList(middle, wanted.size())));
    }

    private static Block of(List<Wanted> wanted) {
      PointAddress.Modbus first = address(wanted.get(0).point());
      int end = wanted.stream().mapToInt(w -> end(address(w.point()))).max().orElseThrow();
      return new Block(first.table(), first.register(), end - first.register(), wanted);
    }
  }

  static List<Block> of(List<Point> points, Limits limits) {
    List<Wanted> sorted = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      sorted.add(new Wanted(points.get(i), i));
    }
    sorted.sort(
        Comparator.comparing((Wanted w) -> address(w.point()).table())
            .thenComparingInt(w -> address(w.point()).register()));
    List<Block> blocks = new ArrayList<>();
    List<Wanted> open = new ArrayList<>();
    int end = 0;
    for (Wanted w : sorted) {
      PointAddress.Modbus a = address(w.point());
      if (!open.isEmpty() && !joins(address(open.get(0).point()), end, a, limits)) {
        blocks.add(Block.of(open));
        open.clear();
      }
      end = open.isEmpty() ? end(a) : Math.max(end, end(a));
      open.add(w);
    }
    if (!open.isEmpty()) {
      blocks.add(Block.of(open));
    }
    return blocks;
  }

  private static boolean joins(
      PointAddress.Modbus first, int end, PointAddress.Modbus next, Limits limits) {
    int most =
        first.table().holdsBits()
            ? Math.min(MAX_BITS, limits.maxRegisters() * 16)
            : limits.maxRegisters();
    return first.table() == next.table()
        && next.register() - end <= limits.bridgeGap()
        && Math.max(end, end(next)) - first.register() <= most
        && !limits.forbids(first.table(), end, next.register());
  }

  static PointAddress.Modbus address(Point point) {
    return Objects.requireNonNull(point.modbus(), point.name());
  }

  private static int end(PointAddress.Modbus address) {
    return address.register() + address.registers();
  }
}
