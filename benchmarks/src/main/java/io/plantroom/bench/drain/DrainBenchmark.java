package io.plantroom.bench.drain;

import io.plantroom.bench.Benchmark;
import io.plantroom.bench.Outcome;
import io.plantroom.bench.database.Server;
import io.plantroom.bench.ingest.StoreRates;
import java.time.Duration;

/** A day of backlog at 1,000 samples a second, from the gateway's disk to the hub's commit. */
public final class DrainBenchmark implements Benchmark {
  private static final Duration MOST = Duration.ofMinutes(40);

  private final Backlog backlog;

  /** Drains what a gateway kept for so long. */
  public DrainBenchmark(Duration span) {
    backlog = new Backlog(span);
  }

  @Override
  public String about() {
    return "samples/s of a backlog of %d h through shipped agent, broker and hub, against raw COPY"
        .formatted(backlog.span().toHours());
  }

  @Override
  public Outcome run() throws Exception {
    StoreRates[] alone = new StoreRates[1];
    Drain drain =
        Drain.run(
            backlog,
            MOST,
            run -> {
              try (Server server = Server.running(run.url(), "postgres", "postgres")) {
                alone[0] = StoreRates.measure(server);
              }
            });
    return new Outcome(drain.samplesPerSecond(), "samples/s", "raw-copy", alone[0].rawCopy());
  }
}
