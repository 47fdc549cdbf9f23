package io.plantroom.edge.driver.modbus;

import static io.plantroom.profile.WriteFunction.MULTIPLE;

import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.PlanningDriver;
import io.plantroom.edge.driver.RawValue;
import io.plantroom.edge.driver.WritingDriver;
import io.plantroom.edge.driver.modbus.ReadPlan.Block;
import io.plantroom.edge.driver.modbus.ReadPlan.Wanted;
import io.plantroom.profile.Limits;
import io.plantroom.profile.Point;
import io.plantroom.profile.PointAddress;
import io.plantroom.profile.Raw;
import io.plantroom.profile.RegisterCodec;
import io.plantroom.profile.WriteFunction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** One unit on a line. */
class ModbusDriver implements PlanningDriver, WritingDriver {
  private final ModbusLine line;
  private final int unit;
  private final Limits limits;
  private final InstantSource clock;
  private final Runnable onClose;
  // By identity: the engine asks with the same few lists again and again.
  private final IdentityHashMap<List<Point>, List<Block>> plans = new IdentityHashMap<>();
  private long lastAnswerNanos;

  /**
   * A driver of its unit.
   *
   * @param onClose run once, when the line loses this unit
   */
  ModbusDriver(ModbusLine line, int unit, Limits limits, InstantSource clock, Runnable onClose) {
    this.line = line;
    this.unit = unit;
    this.limits = limits;
    this.clock = clock;
    this.onClose = onClose;
    lastAnswerNanos = System.nanoTime() - limits.minPause().toNanos();
  }

  @Override
  public List<RawValue> read(List<Point> points) throws DriverException {
    return waited(poll(points));
  }

  @Override
  public List<List<Point>> requests(List<Point> points) {
    return ReadPlan.of(points, limits).stream()
        .map(b -> b.wanted().stream().map(Wanted::point).toList())
        .toList();
  }

  @Override
  public void write(Point point, Raw value) throws DriverException {
    PointAddress.Modbus address = ReadPlan.address(point);
    if (address.bits() != null) {
      throw new IllegalArgumentException(
          "point '" + point.name() + "' is a part of a register, which cannot be written alone");
    }
    int[] registers = new int[address.registers()];
    RegisterCodec.encode(address, value, registers, 0);
    Question question =
        new WriteQuestion(
            unit, address.table(), address.register(), registers, function(point) == MULTIPLE);
    try {
      waited(ask(question));
    } catch (CompletionException e) {
      if (e.getCause() instanceof BadAnswer bad) {
        throw new DriverException(bad.reason(), "unit " + unit + ": " + bad.getMessage(), bad);
      }
      throw e;
    }
  }

  private static WriteFunction function(Point point) {
    return point.writable() == null ? WriteFunction.SINGLE : point.writable().function();
  }

  @Override
  public RawValue fresh(Point point) throws DriverException {
    // Its plan is not kept: a list of one that is asked now and then.
    List<Point> one = List.of(point);
    Poll poll = new Poll(one, ReadPlan.of(one, limits));
    poll.next();
    return waited(poll.result).get(0);
  }

  private static <T> T waited(CompletableFuture<T> answer) throws DriverException {
    try {
      return answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof DriverException reason) {
        throw reason;
      }
      throw e;
    }
  }

  /** Reads all of them, request after request. */
  final CompletableFuture<List<RawValue>> poll(List<Point> points) {
    Poll poll = new Poll(points, plans.computeIfAbsent(points, p -> ReadPlan.of(p, limits)));
    poll.next();
    return poll.result;
  }

  private CompletableFuture<int[]> ask(Question question) {
    long rest = limits.minPause().toNanos() - (System.nanoTime() - lastAnswerNanos);
    return line.ask(question, limits.timeout(), Duration.ofNanos(Math.max(0, rest)));
  }

  @Override
  public void close() {
    plans.clear();
    onClose.run();
  }

  /** One reading of several requests. */
  private final class Poll {
    final CompletableFuture<List<RawValue>> result = new CompletableFuture<>();
    private final List<Point> points;
    private final Deque<Block> todo;
    private final List<Block> worked = new ArrayList<>();
    private final @Nullable RawValue[] values;
    private boolean split;

    Poll(List<Point> points, List<Block> plan) {
      this.points = points;
      todo = new ArrayDeque<>(plan);
      values = new RawValue[points.size()];
    }

    void next() {
      if (todo.isEmpty()) {
        if (split) {
          plans.put(points, worked);
        }
        result.complete(Arrays.stream(values).map(Objects::requireNonNull).toList());
        return;
      }
      Block block = todo.removeFirst();
      var unused =
          ask(new ReadQuestion(unit, block.table(), block.first(), block.count()))
              .whenComplete((words, e) -> took(block, words, e));
    }

    private void took(Block block, int @Nullable [] words, @Nullable Throwable e) {
      lastAnswerNanos = System.nanoTime();
      try {
        if (words != null) {
          Instant at = clock.instant();
          block.wanted().forEach(w -> values[w.place()] = value(w.point(), block, words, at));
          worked.add(block);
        } else if (e instanceof BadAnswer bad) {
          refused(block, bad);
        } else {
          result.completeExceptionally(Objects.requireNonNull(e));
          return;
        }
        next();
      } catch (RuntimeException unforeseen) {
        result.completeExceptionally(unforeseen);
      }
    }

    private void refused(Block block, BadAnswer bad) {
      if (bad.addressRefused() && block.wanted().size() > 1) {
        // Some models refuse a whole block for one register they lack: find it, once.
        split = true;
        List<Block> halves = block.halves();
        todo.addFirst(halves.get(1));
        todo.addFirst(halves.get(0));
        return;
      }
      Instant at = clock.instant();
      block
          .wanted()
          .forEach(w -> values[w.place()] = RawValue.bad(w.point().name(), at, bad.reason()));
      worked.add(block);
    }
  }

  private static RawValue value(Point p, Block block, int[] words, Instant at) {
    PointAddress.Modbus address = ReadPlan.address(p);
    return RawValue.good(
        p.name(), at, RegisterCodec.decode(address, words, address.register() - block.first()));
  }
}
