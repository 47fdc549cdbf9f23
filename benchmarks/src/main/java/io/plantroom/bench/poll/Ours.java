package io.plantroom.bench.poll;

import io.plantroom.bench.Running;
import io.plantroom.edge.driver.modbus.ModbusDrivers;
import io.plantroom.edge.outbox.Outboxes;
import io.plantroom.edge.poll.PollEngine;
import io.plantroom.profile.Profile;
import io.plantroom.telemetry.Sample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** The agent's engine, as far as memory or as the outbox. */
final class Ours {
  private Ours() {}

  static Running toMemory(List<Integer> ports, PollWork work, LongAdder points) throws Exception {
    return start(ports, work, points, samples -> {});
  }

  /** A reader into outboxes below this folder, a new one each time. */
  static Reader toOutbox(Path folder) {
    return (ports, work, points) -> {
      Outboxes outboxes =
          Outboxes.open(
              Files.createTempDirectory(folder, "outbox"),
              Duration.ofSeconds(1),
              16L << 30,
              32L << 20);
      Running engine = start(ports, work, points, outboxes.telemetry()::append);
      return () -> {
        engine.stop();
        outboxes.close();
      };
    };
  }

  private static Running start(
      List<Integer> ports, PollWork work, LongAdder points, Consumer<List<Sample>> sink)
      throws Exception {
    Profile profile = work.profile();
    ModbusDrivers modbus = new ModbusDrivers(InstantSource.system());
    PollEngine engine =
        new PollEngine(
            ports.stream().map(p -> work.device(profile, p)).toList(),
            Map.of("modbus-tcp", modbus),
            samples -> {
              points.add(samples.size());
              sink.accept(samples);
            },
            InstantSource.system());
    engine.start();
    return () -> {
      engine.close();
      modbus.close();
    };
  }
}
