package io.plantroom.bench.told;

import io.plantroom.profile.Protocol;
import io.plantroom.simulator.coap.CoapBus;
import io.plantroom.simulator.device.BusServer;
import io.plantroom.simulator.opcua.OpcUaBus;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The simulator's servers in a process of its own, one for each host. Ends with its input. */
final class ToldServer {
  private ToldServer() {}

  /** Argument: what it serves. Prints the ports. */
  public static void main(String[] args) throws Exception {
    ToldWork work = ToldWork.of(args[0]);
    List<BusServer> servers = new ArrayList<>();
    for (int host = 0; host < work.hosts(); host++) {
      servers.add(
          work.protocol() == Protocol.OPC_UA
              ? OpcUaBus.open("127.0.0.1", 0, work.clockworks(host))
              : CoapBus.open("127.0.0.1", 0, work.clockworks(host)));
    }
    System.out.println(servers.stream().map(s -> "" + s.port()).collect(Collectors.joining(",")));
    while (System.in.read() >= 0) {}
    System.exit(0);
  }
}
