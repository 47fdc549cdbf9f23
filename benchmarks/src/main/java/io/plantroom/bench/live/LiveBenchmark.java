package io.plantroom.bench.live;

import io.plantroom.bench.Benchmark;
import io.plantroom.bench.Outcome;
import java.time.Duration;
import java.util.Locale;

/** From the time a frame was due at a gateway until its values stand on a console. */
public final class LiveBenchmark implements Benchmark {
  private static final int[] RATES = {1_000, 10_000, 50_000};
  private static final Duration WARM_UP = Duration.ofSeconds(15);
  private static final Duration SPAN = Duration.ofSeconds(20);

  /** The hub tells its consoles once a second; as much again for the way. */
  private static final double LIMIT_MILLIS = 2_000;

  @Override
  public String about() {
    return "p99 from payload to console, 10,000 samples/s of 1,000 gateways through broker and hub, against two seconds";
  }

  @Override
  public Outcome run() throws Exception {
    double chosen = Double.NaN;
    try (Traffic traffic = new Traffic()) {
      traffic.pace(RATES[1], WARM_UP, WARM_UP); // what is compiled later must not count
      for (int rate : RATES) {
        Traffic.Seen seen = traffic.pace(rate, WARM_UP, SPAN);
        System.out.printf(
            Locale.ROOT,
            "%,7d samples/s: receipt %s of %,d of %,d frames; console %s of %,d of %,d values%s%n",
            rate,
            seen.committed(),
            seen.committed().count(),
            seen.frames(),
            seen.shown(),
            seen.shown().count(),
            seen.samples(),
            traffic.consoleCutOff() ? "; the console was cut off" : "");
        chosen = rate == 10_000 ? seen.shown().percentile(99) : chosen;
      }
    }
    return new Outcome(chosen, "ms", "limit", LIMIT_MILLIS);
  }
}
