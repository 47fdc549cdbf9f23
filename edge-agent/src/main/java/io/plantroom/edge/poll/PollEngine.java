package io.plantroom.edge.poll;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.driver.DriverFactory;
import io.plantroom.telemetry.Sample;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Polls all devices, each bus on a thread of its own. */
public final class PollEngine implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Map<String, DriverFactory> drivers;
  private final PollSink sink;
  private final InstantSource clock;
  private final ClockTrust trust;
  private final Duration heartbeat;
  private final Map<String, Bus> buses = new LinkedHashMap<>();
  private volatile List<DevicePoller> pollers = new ArrayList<>();
  private boolean started;

  /**
   * An engine that does not run yet.
   *
   * @param drivers by URI scheme; they stay the caller's to close
   * @param heartbeat longest silence of a point that does not change
   */
  public PollEngine(
      List<DeviceConfig> devices,
      Map<String, DriverFactory> drivers,
      PollSink sink,
      InstantSource clock,
      ClockTrust trust,
      Duration heartbeat) {
    this.drivers = drivers;
    this.sink = sink;
    this.clock = clock;
    this.trust = trust;
    this.heartbeat = heartbeat;
    Map<String, List<DevicePoller>> byBus = new LinkedHashMap<>();
    for (DeviceConfig device : devices) {
      DevicePoller poller = poller(device);
      pollers.add(poller);
      byBus.computeIfAbsent(device.bus(), b -> new ArrayList<>()).add(poller);
    }
    byBus.forEach((name, own) -> buses.put(name, new Bus(name, own)));
  }

  private DevicePoller poller(DeviceConfig device) {
    return new DevicePoller(device, factory(device).open(device), sink, clock, trust, heartbeat);
  }

  private DriverFactory factory(DeviceConfig device) {
    String scheme = String.valueOf(device.endpoint().getScheme()).toLowerCase(Locale.ROOT);
    DriverFactory factory = drivers.get(scheme);
    if (factory == null) {
      throw new IllegalArgumentException(
          "device '" + device.key() + "': no driver for " + scheme + "://");
    }
    return factory;
  }

  /** An engine with the usual heartbeat that only tells samples; for benchmarks and tools. */
  public PollEngine(
      List<DeviceConfig> devices,
      Map<String, DriverFactory> drivers,
      Consumer<List<Sample>> sink,
      InstantSource clock) {
    this(devices, drivers, sink::accept, clock, ClockTrust.always(), Duration.ofMinutes(5));
  }

  public synchronized void start() {
    started = true;
    buses.values().forEach(Bus::start);
  }

  /**
   * Makes these the devices. One that is asked as before goes on undisturbed: its connection, its
   * next poll and what it last told stay. Others end after the poll that is under way, or begin.
   *
   * @throws IllegalArgumentException when there is no driver for a device; nothing has changed then
   */
  public synchronized void change(List<DeviceConfig> devices) {
    Map<String, DevicePoller> before = new LinkedHashMap<>();
    pollers.forEach(p -> before.put(p.status().device().key(), p));
    List<DevicePoller> after = new ArrayList<>();
    List<DevicePoller> fresh = new ArrayList<>();
    for (DeviceConfig device : devices) {
      DevicePoller same = before.get(device.key());
      if (same != null && same.status().device().isAskedLike(device)) {
        same.rename(device);
        before.remove(device.key());
        after.add(same);
      } else {
        DevicePoller poller = poller(device);
        fresh.add(poller);
        after.add(poller);
      }
    }
    pollers = List.copyOf(after);
    // In this order, so that a bus with devices before and after keeps its connection.
    fresh.forEach(this::begin);
    before.values().forEach(this::end);
  }

  private void begin(DevicePoller poller) {
    String name = poller.status().device().bus();
    Bus bus = buses.get(name);
    if (bus != null) {
      bus.add(poller);
      return;
    }
    Bus made = new Bus(name, List.of(poller));
    buses.put(name, made);
    if (started) {
      made.start();
    }
  }

  private void end(DevicePoller poller) {
    DeviceConfig device = poller.status().device();
    Bus bus = buses.get(device.bus());
    if (bus == null) {
      return;
    }
    bus.remove(poller);
    if (bus.isIdle()) {
      buses.remove(device.bus());
      bus.stop(PATIENCE);
      factory(device).forget(device);
    }
  }

  /** In the order of the configuration. May be called from any thread. */
  public List<DeviceStatus> devices() {
    return pollers.stream().map(DevicePoller::status).toList();
  }

  /** Stops; polls under way get a few seconds to end, all buses together. */
  @Override
  public synchronized void close() {
    buses.values().parallelStream().forEach(b -> b.stop(PATIENCE));
  }
}
