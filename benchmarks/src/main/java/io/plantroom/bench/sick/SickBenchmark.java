package io.plantroom.bench.sick;

import io.plantroom.bench.Benchmark;
import io.plantroom.bench.Outcome;
import io.plantroom.bench.poll.PollWork;
import io.plantroom.bench.poll.Slaves;
import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.driver.modbus.ModbusDrivers;
import io.plantroom.edge.poll.ClockTrust;
import io.plantroom.edge.poll.PollEngine;
import io.plantroom.edge.poll.PollSink;
import io.plantroom.profile.Profile;
import io.plantroom.telemetry.Sample;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The period of healthy devices among 500 that are asked every second, of which some hang. */
public final class SickBenchmark implements Benchmark {
  private static final int DEVICES = 500;
  private static final int WARM_UP_SECONDS = 10;
  private static final int SECONDS = Integer.getInteger("bench.seconds", 30);
  private static final PollWork WORK = new PollWork(5, 10, 100, Duration.ofSeconds(1));

  @Override
  public String about() {
    return "p99 period of healthy devices with 10 % of 500 hanging, against none hanging";
  }

  @Override
  public Outcome run() throws Exception {
    double none = measure(0);
    double tenth = measure(DEVICES / 10);
    measure(DEVICES / 2);
    return new Outcome(tenth, "ms", "none-hanging", none);
  }

  /** The p99 period in milliseconds. */
  private static double measure(int hanging) throws Exception {
    try (Slaves slaves = Slaves.start(DEVICES, hanging)) {
      Profile profile = WORK.profile();
      List<DeviceConfig> devices = new ArrayList<>();
      slaves.ports().forEach(port -> devices.add(WORK.device(profile, port)));
      Set<String> healthy = new HashSet<>();
      devices.subList(hanging, devices.size()).forEach(d -> healthy.add(d.key()));
      Periods periods = new Periods(healthy);
      try (ModbusDrivers modbus = new ModbusDrivers(InstantSource.system());
          PollEngine engine =
              new PollEngine(
                  devices,
                  Map.of("modbus-tcp", modbus),
                  periods,
                  InstantSource.system(),
                  ClockTrust.always(),
                  Duration.ofMinutes(5))) {
        engine.start();
        TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
        periods.begin();
        TimeUnit.SECONDS.sleep(SECONDS);
        double[] sorted = periods.end();
        double p50 = sorted[sorted.length / 2];
        double p99 = sorted[sorted.length * 99 / 100];
        System.out.printf(
            Locale.ROOT,
            "%d of %d hang: healthy period p50 %.1f p99 %.1f max %.1f ms, %.2f of the wanted polls,"
                + " %d threads%n",
            hanging,
            DEVICES,
            p50,
            p99,
            sorted[sorted.length - 1],
            sorted.length / ((double) healthy.size() * SECONDS),
            Thread.activeCount());
        return p99;
      }
    }
  }

  /** From one reading of a device to its next. */
  private static final class Periods implements PollSink {
    private final Set<String> watched;
    private final Map<String, Long> last = new HashMap<>();
    private List<Double> millis = new ArrayList<>();
    private boolean counting;

    Periods(Set<String> watched) {
      this.watched = watched;
    }

    @Override
    public synchronized void onRead(DeviceConfig device, List<Sample> samples) {
      if (watched.contains(device.key())) {
        long now = System.nanoTime();
        Long before = last.put(device.key(), now);
        if (before != null && counting) {
          millis.add((now - before) / 1e6);
        }
      }
    }

    @Override
    public void onReport(List<Sample> samples) {}

    synchronized void begin() {
      counting = true;
    }

    synchronized double[] end() {
      double[] sorted = millis.stream().mapToDouble(Double::doubleValue).toArray();
      millis = new ArrayList<>();
      Arrays.sort(sorted);
      return sorted;
    }
  }
}
