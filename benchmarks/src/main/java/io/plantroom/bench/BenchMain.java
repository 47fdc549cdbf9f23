package io.plantroom.bench;

import io.plantroom.bench.drain.DrainBenchmark;
import io.plantroom.bench.drain.MemoryBenchmark;
import io.plantroom.bench.ingest.IngestBenchmark;
import io.plantroom.bench.ingest.LatencyBenchmark;
import io.plantroom.bench.live.HubMemoryBenchmark;
import io.plantroom.bench.live.LiveBenchmark;
import io.plantroom.bench.outbox.OutboxBenchmark;
import io.plantroom.bench.poll.PollBenchmark;
import io.plantroom.bench.query.ConsumptionBenchmark;
import io.plantroom.bench.query.GrowthBenchmark;
import io.plantroom.bench.query.LedgerBenchmark;
import io.plantroom.bench.query.QueryBenchmark;
import io.plantroom.bench.sick.AgentMemoryBenchmark;
import io.plantroom.bench.sick.SickBenchmark;
import io.plantroom.bench.size.SizeBenchmark;
import io.plantroom.bench.told.ToldBenchmark;
import io.plantroom.hub.database.DatabaseLevel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code ./bench NAME [--level LEVEL]}. */
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
              Map.entry("growth", new GrowthBenchmark(1, 2, 4, 6, 8, 10)),
              Map.entry("growth-200m", new GrowthBenchmark(1, 5, 10, 15, 20)),
              Map.entry("size", new SizeBenchmark()),
              Map.entry("live", new LiveBenchmark()),
              Map.entry("hub-memory", new HubMemoryBenchmark()),
              Map.entry("outbox", new OutboxBenchmark()),
              Map.entry("drain", new DrainBenchmark(Duration.ofDays(1))),
              Map.entry("drain-hour", new DrainBenchmark(Duration.ofHours(1))),
              Map.entry("backlog", new MemoryBenchmark())));

  private BenchMain() {}

  public static void main(String[] args) throws Exception {
    Benchmark chosen = args.length > 0 ? ALL.get(args[0]) : null;
    if (chosen == null) {
      if (args.length > 0) {
        System.err.println("bench: there is no benchmark '" + args[0] + "'");
      }
      ALL.forEach((name, b) -> System.out.printf("%-10s %s%n", name, b.about()));
      System.exit(args.length > 0 ? 2 : 0);
      return;
    }
    Optional<DatabaseLevel> level = Optional.empty();
    if (args.length > 1) {
      level = args.length == 3 && args[1].equals("--level") ? level(args[2]) : level;
      if (level.isEmpty() || !(chosen instanceof LevelBenchmark)) {
        System.err.println("bench: " + args[0] + " " + usage(chosen));
        System.exit(2);
        return;
      }
    }
    Outcome outcome =
        chosen instanceof LevelBenchmark b && level.isPresent() ? b.run(level.get()) : chosen.run();
    System.out.println(outcome.line(args[0]));
    System.exit(0);
  }

  private static Optional<DatabaseLevel> level(String key) {
    return Arrays.stream(DatabaseLevel.values()).filter(l -> l.key().equals(key)).findFirst();
  }

  private static String usage(Benchmark chosen) {
    return chosen instanceof LevelBenchmark
        ? "takes --level postgresql, apache or community and nothing else"
        : "takes no arguments";
  }
}
