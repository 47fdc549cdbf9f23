package io.plantroom.bench;

import io.plantroom.bench.drain.DrainBenchmark;
import io.plantroom.bench.drain.MemoryBenchmark;
import io.plantroom.bench.ingest.IngestBenchmark;
import io.plantroom.bench.ingest.LatencyBenchmark;
import io.plantroom.bench.outbox.OutboxBenchmark;
import io.plantroom.bench.poll.PollBenchmark;
import io.plantroom.bench.query.ConsumptionBenchmark;
import io.plantroom.bench.query.LedgerBenchmark;
import io.plantroom.bench.query.QueryBenchmark;
import io.plantroom.bench.sick.AgentMemoryBenchmark;
import io.plantroom.bench.sick.SickBenchmark;
import io.plantroom.bench.told.ToldBenchmark;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** {@code ./bench NAME}. */
public final class BenchMain {
  private static final Map<String, Benchmark> ALL =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("poll", new PollBenchmark()),
              Map.entry("sick", new SickBenchmark()),
              Map.entry("opcua", ToldBenchmark.opcUa()),
              Map.entry("coap", ToldBenchmark.coap()),
              Map.entry("memory", new AgentMemoryBenchmark()),
              Map.entry("ingest", new IngestBenchmark()),
              Map.entry("latency", new LatencyBenchmark()),
              Map.entry("ledger", new LedgerBenchmark()),
              Map.entry("consumption", new ConsumptionBenchmark()),
              Map.entry("query", new QueryBenchmark(10_000_000)),
              Map.entry("query-100m", new QueryBenchmark(100_000_000)),
              Map.entry("outbox", new OutboxBenchmark()),
              Map.entry("drain", new DrainBenchmark(Duration.ofDays(1))),
              Map.entry("drain-hour", new DrainBenchmark(Duration.ofHours(1))),
              Map.entry("backlog", new MemoryBenchmark())));

  private BenchMain() {}

  public static void main(String[] args) throws Exception {
    Benchmark chosen = args.length == 1 ? ALL.get(args[0]) : null;
    if (chosen == null) {
      if (args.length > 0) {
        System.err.println("bench: there is no benchmark '" + String.join(" ", args) + "'");
      }
      ALL.forEach((name, b) -> System.out.printf("%-10s %s%n", name, b.about()));
      System.exit(args.length > 0 ? 2 : 0);
      return;
    }
    System.out.println(chosen.run().line(args[0]));
    System.exit(0);
  }
}
