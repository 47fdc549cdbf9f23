package io.plantroom.bench.told;

import io.plantroom.profile.Protocol;
import io.plantroom.simulator.coap.CoapBus;
import io.plantroom.simulator.device.BusServer;
import io.plantroom.simulator.opcua.OpcUaBus;

/** The simulator's server in a process of its own. Ends with its input. */
final class ToldServer {
  private ToldServer() {}

  /** Argument: what it serves. Prints its port. */
  public static void main(String[] args) throws Exception {
    ToldWork work = ToldWork.of(args[0]);
    try (BusServer server =
        work.protocol() == Protocol.OPC_UA
            ? OpcUaBus.open("127.0.0.1", 0, work.clockworks())
            : CoapBus.open("127.0.0.1", 0, work.clockworks())) {
      System.out.println(server.port());
      while (System.in.read() >= 0) {}
    }
    System.exit(0);
  }
}
