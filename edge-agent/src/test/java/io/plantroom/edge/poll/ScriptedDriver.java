package io.plantroom.edge.poll;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.DriverFactory;
import io.plantroom.edge.driver.PlanningDriver;
import io.plantroom.edge.driver.ProtocolDriver;
import io.plantroom.edge.driver.RawValue;
import io.plantroom.profile.Point;
import io.plantroom.profile.Raw;
import io.plantroom.telemetry.Cause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Devices that do what a test says, by key; they answer 1 unless told otherwise. */
final class ScriptedDriver implements DriverFactory {
  private final Map<String, Reading> scripts = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> reads = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> opened = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> closed = new ConcurrentHashMap<>();
  private final Set<String> piecewise = ConcurrentHashMap.newKeySet();
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger mostUnderWay = new AtomicInteger();

  /** Each of its points takes a request of its own. */
  void needsRequestForEachPoint(String device) {
    piecewise.add(device);
  }

  /** What a device does when it is read. */
  interface Reading {
    List<RawValue> read(List<Point> points) throws DriverException;
  }

  void script(String device, Reading reading) {
    scripts.put(device, reading);
  }

  /** Answers nothing and costs its timeout. */
  static Reading dead(Duration timeout) {
    return points -> {
      LockSupport.parkNanos(timeout.toNanos());
      throw new DriverException(Cause.TIMEOUT, "no answer");
    };
  }

  static Reading shows(long value) {
    return points ->
        points.stream()
            .map(p -> RawValue.good(p.name(), Instant.now(), new Raw.Whole(value)))
            .toList();
  }

  int reads(String device) {
    return reads.getOrDefault(device, new AtomicInteger()).get();
  }

  /** How many drivers were made for a device. */
  int opened(String device) {
    return opened.getOrDefault(device, new AtomicInteger()).get();
  }

  /** How many of them were closed. */
  int closed(String device) {
    return closed.getOrDefault(device, new AtomicInteger()).get();
  }

  int mostAtOnce() {
    return mostUnderWay.get();
  }

  @Override
  public ProtocolDriver open(DeviceConfig device) {
    count(opened, device);
    return new PlanningDriver() {
      @Override
      public List<RawValue> read(List<Point> points) throws DriverException {
        mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
        try {
          reads.computeIfAbsent(device.key(), k -> new AtomicInteger()).incrementAndGet();
          return scripts.getOrDefault(device.key(), shows(1)).read(points);
        } finally {
          underWay.decrementAndGet();
        }
      }

      @Override
      public List<List<Point>> requests(List<Point> points) {
        return piecewise.contains(device.key())
            ? points.stream().map(List::of).toList()
            : List.of(points);
      }

      @Override
      public void close() {
        count(closed, device);
      }
    };
  }

  private static void count(Map<String, AtomicInteger> counts, DeviceConfig device) {
    var unused = counts.computeIfAbsent(device.key(), k -> new AtomicInteger()).incrementAndGet();
  }

  @Override
  public void close() {}
}
