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

  /** One request. Points are in the order of their addresses and lie wholly within it. */
  record Block(RegisterTable table, int first, int count, List<Point> points) {
    Block {
      points = List.copyOf(points);
    }

    /** Two requests in place of one that the device refused; only when there are two points. */
    List<Block> halves() {
      int middle = points.size() / 2;
      return List.of(of(points.subList(0, middle)), of(points.subList(middle, points.size())));
    }

    private static Block of(List<Point> points) {
      PointAddress.Modbus first = address(points.get(0));
      int end = points.stream().mapToInt(p -> end(address(p))).max().orElseThrow();
      return new Block(first.table(), first.register(), end - first.register(), points);
    }
  }

  static List<Block> of(List<Point> points, Limits limits) {
    List<Point> sorted = new ArrayList<>(points);
    sorted.sort(
        Comparator.comparing((Point p) -> address(p).table())
            .thenComparingInt(p -> address(p).register()));
    List<Block> blocks = new ArrayList<>();
    List<Point> open = new ArrayList<>();
    int end = 0;
    for (Point p : sorted) {
      PointAddress.Modbus a = address(p);
      if (!open.isEmpty() && !joins(address(open.get(0)), end, a, limits)) {
        blocks.add(Block.of(open));
        open.clear();
      }
      end = open.isEmpty() ? end(a) : Math.max(end, end(a));
      open.add(p);
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
        && Math.max(end, end(next)) - first.register() <= most;
  }

  static PointAddress.Modbus address(Point point) {
    return Objects.requireNonNull(point.modbus(), point.name());
  }

  private static int end(PointAddress.Modbus address) {
    return address.register() + address.type().registers();
  }
}
