package io.plantroom.edge.driver.modbus;

import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.ProtocolDriver;
import io.plantroom.edge.driver.RawValue;
import io.plantroom.edge.driver.modbus.ModbusLine.BadAnswer;
import io.plantroom.edge.driver.modbus.ReadPlan.Block;
import io.plantroom.profile.Limits;
import io.plantroom.profile.Point;
import io.plantroom.profile.PointAddress;
import io.plantroom.profile.RegisterCodec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

/** One unit on a line. */
final class ModbusDriver implements ProtocolDriver {
  private final ModbusLine line;
  private final int unit;
  private final Limits limits;
  private final InstantSource clock;
  // By identity: the engine asks with the same few lists again and again.
  private final IdentityHashMap<List<Point>, List<Block>> plans = new IdentityHashMap<>();
  private long lastAnswerNanos = System.nanoTime() - Integer.MAX_VALUE;

  ModbusDriver(ModbusLine line, int unit, Limits limits, InstantSource clock) {
    this.line = line;
    this.unit = unit;
    this.limits = limits;
    this.clock = clock;
  }

  @Override
  public List<RawValue> read(List<Point> points) throws DriverException {
    List<Block> plan = plans.computeIfAbsent(points, p -> ReadPlan.of(p, limits));
    Map<String, RawValue> values = new HashMap<>();
    List<Block> worked = new ArrayList<>();
    Deque<Block> todo = new ArrayDeque<>(plan);
    while (!todo.isEmpty()) {
      Block block = todo.removeFirst();
      try {
        pause();
        int[] words =
            line.read(block.table(), unit, block.first(), block.count(), limits.timeout());
        Instant at = clock.instant();
        block.points().forEach(p -> values.put(p.name(), value(p, block, words, at)));
        worked.add(block);
      } catch (BadAnswer e) {
        if (e.addressRefused() && block.points().size() > 1) {
          // Some models refuse a whole block for one register they lack: find it, once.
          List<Block> halves = block.halves();
          todo.addFirst(halves.get(1));
          todo.addFirst(halves.get(0));
        } else {
          Instant at = clock.instant();
          block.points().forEach(p -> values.put(p.name(), RawValue.bad(p.name(), at, e.reason())));
          worked.add(block);
        }
      } finally {
        lastAnswerNanos = System.nanoTime();
      }
    }
    plans.put(points, worked);
    return points.stream().map(p -> Objects.requireNonNull(values.get(p.name()))).toList();
  }

  private static RawValue value(Point p, Block block, int[] words, Instant at) {
    PointAddress.Modbus address = ReadPlan.address(p);
    return RawValue.good(
        p.name(), at, RegisterCodec.decode(address, words, address.register() - block.first()));
  }

  private void pause() {
    long rest = limits.minPause().toNanos() - (System.nanoTime() - lastAnswerNanos);
    if (rest > 0) {
      LockSupport.parkNanos(rest);
    }
  }

  @Override
  public void close() {
    plans.clear();
  }
}
