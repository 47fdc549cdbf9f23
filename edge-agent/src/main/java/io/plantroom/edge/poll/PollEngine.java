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

  private final List<DevicePoller> pollers = new ArrayList<>();
  private final List<Bus> buses = new ArrayList<>();

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
    Map<String, List<DevicePoller>> byBus = new LinkedHashMap<>();
    for (DeviceConfig device : devices) {
      String scheme = String.valueOf(device.endpoint().getScheme()).toLowerCase(Locale.ROOT);
      DriverFactory factory = drivers.get(scheme);
      if (factory == null) {
        throw new IllegalArgumentException(
            "device '" + device.key() + "': no driver for " + scheme + "://");
      }
      DevicePoller poller =
          new DevicePoller(device, factory.open(device), sink, clock, trust, heartbeat);
      pollers.add(poller);
      byBus.computeIfAbsent(device.bus(), b -> new ArrayList<>()).add(poller);
    }
    byBus.forEach((name, own) -> buses.add(new Bus(name, own)));
  }

  /** An engine with the usual heartbeat that only tells samples; for benchmarks and tools. */
  public PollEngine(
      List<DeviceConfig> devices,
      Map<String, DriverFactory> drivers,
      Consumer<List<Sample>> sink,
      InstantSource clock) {
    this(devices, drivers, sink::accept, clock, ClockTrust.always(), Duration.ofMinutes(5));
  }

  public void start() {
    buses.forEach(Bus::start);
  }

  /** In the order of the configuration. May be called from any thread. */
  public List<DeviceStatus> devices() {
    return pollers.stream().map(DevicePoller::status).toList();
  }

  /** Stops; polls under way get a few seconds to end, all buses together. */
  @Override
  public void close() {
    buses.parallelStream().forEach(b -> b.stop(PATIENCE));
  }
}
