package io.plantroom.edge.poll;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.DriverFactory;
import io.plantroom.telemetry.Cause;
import io.plantroom.telemetry.Sample;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Polls all devices. One thread decides who is asked when, gives meaning and hands over; waiting
 * for devices is done by the drivers without a thread, or for those that cannot by workers.
 */
public final class PollEngine implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration LONGEST_FIRST_SPREAD = Duration.ofSeconds(5);
  // The part of the golden ratio: any few neighbours of the list lie far apart in the period.
  private static final double SPREAD = 0.6180339887498949;

  private final Map<String, DriverFactory> drivers;
  private final PollSink sink;
  private final InstantSource clock;
  private final ClockTrust trust;
  private final Duration heartbeat;
  private final Workers workers = new Workers();
  private final ScheduledThreadPoolExecutor thread;
  private final Map<String, Bus> buses = new LinkedHashMap<>();
  private volatile List<DevicePoller> pollers = List.of();
  private boolean started;
  private boolean closed;

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
    pollers = devices.stream().map(this::poller).toList();
    thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread made = new Thread(task, "poll");
              made.setDaemon(true);
              return made;
            },
            new ThreadPoolExecutor.DiscardPolicy());
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** An engine with the usual heartbeat that only tells samples; for benchmarks and tools. */
  public PollEngine(
      List<DeviceConfig> devices,
      Map<String, DriverFactory> drivers,
      Consumer<List<Sample>> sink,
      InstantSource clock) {
    this(devices, drivers, sink::accept, clock, ClockTrust.always(), Duration.ofMinutes(5));
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

  /** Begins to poll, the devices spread over their periods. */
  public synchronized void start() {
    started = true;
    long now = System.nanoTime();
    List<DevicePoller> all = pollers;
    for (int i = 0; i < all.size(); i++) {
      long period = all.get(i).status().device().every().toNanos();
      double phase = (i * SPREAD) % 1;
      long first = (long) (Math.min(period, LONGEST_FIRST_SPREAD.toNanos()) * phase);
      begin(all.get(i), now + first, (long) (period * phase) - first);
    }
  }

  private void begin(DevicePoller poller, long due, long stretch) {
    Bus bus =
        buses.computeIfAbsent(poller.status().device().bus(), name -> new Bus(thread, workers));
    thread.execute(() -> bus.add(poller, due, stretch));
  }

  /**
   * Makes these the devices. One that is asked as before goes on undisturbed: its connection, its
   * next poll and what it last told stay. Others end after the request that is under way, or begin.
   *
   * @throws IllegalArgumentException when there is no driver for a device; nothing has changed then
   */
  public synchronized void change(List<DeviceConfig> devices) {
    devices.forEach(this::factory);
    Map<String, DevicePoller> before = new LinkedHashMap<>();
    pollers.forEach(p -> before.put(p.status().device().key(), p));
    List<DevicePoller> after = new ArrayList<>();
    List<DevicePoller> fresh = new ArrayList<>();
    for (DeviceConfig device : devices) {
      DevicePoller same = before.get(device.key());
      if (same != null && same.status().device().isAskedLike(device)) {
        before.remove(device.key());
        after.add(same);
        thread.execute(() -> same.rename(device));
      } else {
        DevicePoller poller = poller(device);
        fresh.add(poller);
        after.add(poller);
      }
    }
    pollers = List.copyOf(after);
    if (started) {
      fresh.forEach(p -> begin(p, System.nanoTime(), 0));
    }
    before.values().forEach(this::end);
  }

  private void end(DevicePoller poller) {
    DeviceConfig device = poller.status().device();
    Bus bus = buses.get(device.bus());
    if (bus == null) {
      poller.close();
      return;
    }
    if (pollers.stream().noneMatch(p -> p.status().device().bus().equals(device.bus()))) {
      buses.remove(device.bus());
    }
    thread.execute(() -> bus.remove(poller));
  }

  /**
   * Does something with a device between its polls.
   *
   * @return fails with a {@link DriverException} when the errand does or there is no such device
   */
  public synchronized <T> CompletableFuture<T> during(String device, Errand<T> errand) {
    CompletableFuture<T> result = new CompletableFuture<>();
    for (DevicePoller p : pollers) {
      Bus bus = buses.get(p.status().device().bus());
      if (p.status().device().key().equals(device) && bus != null && !closed) {
        thread.execute(() -> bus.run(() -> run(p, errand, result)));
        return result;
      }
    }
    result.completeExceptionally(
        new DriverException(Cause.NO_CONNECTION, "no device '" + device + "' is asked here"));
    return result;
  }

  private static <T> void run(DevicePoller poller, Errand<T> errand, CompletableFuture<T> result) {
    try {
      result.complete(errand.run(poller.driver()));
    } catch (DriverException | RuntimeException | Error e) {
      result.completeExceptionally(e);
    }
  }

  /** In the order of the configuration. May be called from any thread. */
  public List<DeviceStatus> devices() {
    return pollers.stream().map(DevicePoller::status).toList();
  }

  /** Stops; requests under way get a few seconds to end, all buses together. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    buses.values().forEach(bus -> ends.add(end(bus)));
    await(CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new)));
    thread.shutdown();
    try {
      if (!thread.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    workers.stop();
    pollers.forEach(DevicePoller::close);
  }

  private CompletableFuture<Void> end(Bus bus) {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    thread.execute(() -> bus.end(() -> ended.complete(null)));
    return ended;
  }

  private static void await(Future<Void> ends) {
    try {
      ends.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // Who does not end in time is ended.
    }
  }
}
