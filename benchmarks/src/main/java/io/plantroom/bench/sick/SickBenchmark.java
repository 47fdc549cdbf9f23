package io.plantroom.bench.sick;

import io.plantroom.bench.Benchmark;
import io.plantroom.bench.Outcome;
import io.plantroom.bench.poll.PollWork;
import io.plantroom.bench.poll.Slaves;
import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.driver.modbus.ModbusDrivers;
import io.plantroom.edge.poll.ClockTrust;
import io.plantroom.edge.poll.PollEngine;
import io.plantroom.profile.Profile;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The period of healthy devices among 500 that are asked every second, of which some take
 * connections and questions and never answer. In turns with none hanging, several rounds of which
 * all periods count together: whatever else the machine does hits all cases alike.
 */
public final class SickBenchmark implements Benchmark {
  private static final int DEVICES = 500;
  private static final int ROUNDS = 3;
  private static final int WARM_UP_SECONDS = 10;
  private static final int SECONDS = Integer.getInteger("bench.seconds", 15);
  private static final PollWork WORK = PollWork.every(Duration.ofSeconds(1));

  @Override
  public String about() {
    return "p99 period of healthy devices with 10 % of 500 hanging, against none hanging";
  }

  @Override
  public Outcome run() throws Exception {
    Periods none = new Periods();
    Periods tenth = new Periods();
    Periods half = new Periods();
    Periods refused = new Periods();
    // Compiles everything; the first round would pay for it otherwise.
    measure(DEVICES / 10, 0, new Periods());
    for (int round = 0; round < ROUNDS; round++) {
      // The order turns around, so that none is always first.
      boolean even = round % 2 == 0;
      measure(even ? 0 : DEVICES / 10, 0, even ? none : tenth);
      measure(even ? DEVICES / 10 : 0, 0, even ? tenth : none);
    }
    measure(DEVICES / 2, 0, half);
    measure(DEVICES / 4, DEVICES / 4, refused);
    say("none hang", none, DEVICES);
    say("10 % hang", tenth, DEVICES - DEVICES / 10);
    say("50 % hang", half, DEVICES / 2);
    say("25 % hang, 25 % refuse the connection", refused, DEVICES / 2);
    return new Outcome(tenth.percentile(99), "ms", "none-hanging", none.percentile(99));
  }

  private static void say(String what, Periods periods, int healthy) {
    System.out.printf(
        Locale.ROOT,
        "%s: healthy period p50 %.1f p99 %.1f max %.1f ms, %.3f of the wanted polls%n",
        what,
        periods.percentile(50),
        periods.percentile(99),
        periods.percentile(100),
        periods.count() / (healthy * periods.seconds()));
  }

  private static void measure(int hanging, int refusing, Periods periods) throws Exception {
    try (Slaves slaves = Slaves.start(DEVICES, hanging, refusing)) {
      Profile profile = WORK.profile();
      List<DeviceConfig> devices = new ArrayList<>();
      slaves.ports().forEach(port -> devices.add(WORK.device(profile, port)));
      Set<String> healthy = new HashSet<>();
      devices.subList(hanging + refusing, DEVICES).forEach(d -> healthy.add(d.key()));
      try (ModbusDrivers modbus = new ModbusDrivers(InstantSource.system());
          PollEngine engine =
              new PollEngine(
                  devices,
                  Map.of("modbus-tcp", modbus),
                  periods.sink(healthy),
                  InstantSource.system(),
                  ClockTrust.always(),
                  Duration.ofMinutes(5))) {
        engine.start();
        TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
        periods.begin();
        TimeUnit.SECONDS.sleep(SECONDS);
        periods.end();
      }
    }
  }
}
