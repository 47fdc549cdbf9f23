package io.plantroom.bench.told;

import io.plantroom.bench.Benchmark;
import io.plantroom.bench.Fork;
import io.plantroom.bench.Outcome;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Many values that change once a second and are told by a server, which has a process of its own.
 * Two rounds, the second in the other order; the better of each counts.
 */
public final class ToldBenchmark implements Benchmark {
  private final String protocol;

  private ToldBenchmark(String protocol) {
    this.protocol = protocol;
  }

  public static ToldBenchmark opcUa() {
    return new ToldBenchmark("opcua");
  }

  public static ToldBenchmark coap() {
    return new ToldBenchmark("coap");
  }

  private boolean isOpcUa() {
    return protocol.equals("opcua");
  }

  @Override
  public String about() {
    return isOpcUa()
        ? "CPU for a million points by OPC UA subscription, 10,000 items at 1 s, against bare Milo"
        : "CPU for a million points, 2,000 CoAP observations at 1 s, from 20 hosts, against bare Californium";
  }

  @Override
  public Outcome run() throws Exception {
    Process server = Fork.start(ToldServer.class, List.of(protocol));
    try {
      String ports = Fork.firstLine(server);
      double bare = measure("bare", ports);
      double ours = Math.min(measure("ours", ports), measure("ours", ports));
      bare = Math.min(bare, measure("bare", ports));
      return new Outcome(
          ours,
          "CPU-s/million-points",
          isOpcUa() ? "bare-milo-client" : "bare-californium-client",
          bare);
    } finally {
      server.destroy();
    }
  }

  private double measure(String who, String ports) throws Exception {
    Map<String, Double> found = ToldCase.run(protocol, who, ports);
    System.out.printf(
        Locale.ROOT,
        "%s: %.1f CPU-s/million, %,.0f points/s, %.0f MB resident, lag behind the change p50 %.0f"
            + " p99 %.0f ms%n",
        who,
        figure(found, "cpu"),
        figure(found, "rate"),
        figure(found, "mb"),
        figure(found, "p50"),
        figure(found, "p99"));
    return figure(found, "cpu");
  }

  private static double figure(Map<String, Double> found, String name) {
    return Objects.requireNonNull(found.get(name));
  }
}
