package io.plantroom.bench.told;

import io.plantroom.bench.Folders;
import io.plantroom.bench.Running;
import io.plantroom.edge.driver.DriverFactory;
import io.plantroom.edge.driver.coap.CoapDrivers;
import io.plantroom.edge.driver.opcua.OpcUaDrivers;
import io.plantroom.edge.poll.PollEngine;
import io.plantroom.profile.Protocol;
import io.plantroom.telemetry.Value;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** The agent's engine and drivers, to memory. */
final class Ours {
  private Ours() {}

  static Running start(List<Integer> ports, ToldWork work, Told told) throws Exception {
    InstantSource clock = InstantSource.system();
    Path folder = Folders.fresh();
    boolean opcUa = work.protocol() == Protocol.OPC_UA;
    DriverFactory drivers = opcUa ? new OpcUaDrivers(folder, clock) : new CoapDrivers(clock);
    PollEngine engine =
        new PollEngine(
            work.configured(ports),
            Map.of(opcUa ? "opc.tcp" : "coap", drivers),
            samples ->
                samples.forEach(
                    s -> {
                      if (s.value() instanceof Value.Analog changed) {
                        told.heard(changed.value());
                      }
                    }),
            clock);
    engine.start();
    return () -> {
      engine.close();
      drivers.close();
      Folders.delete(folder);
    };
  }
}
