package io.plantroom.bench.drain;

import io.plantroom.bench.Benchmark;
import io.plantroom.bench.Outcome;
import java.time.Duration;

/** Whether a longer backlog needs more memory in the gateway. */
public final class MemoryBenchmark implements Benchmark {
  /** Long enough for the shorter backlog to drain; the longer one need not be drained whole. */
  private static final Duration MOST = Duration.ofMinutes(1);

  @Override
  public String about() {
    return "the gateway's memory while it drains a week of backlog, against an hour of it";
  }

  @Override
  public Outcome run() throws Exception {
    double hour = Drain.run(new Backlog(Duration.ofHours(1)), MOST, run -> {}).peakMegabytes();
    double week = Drain.run(new Backlog(Duration.ofDays(7)), MOST, run -> {}).peakMegabytes();
    return new Outcome(week, "MB", "one-hour-backlog", hour);
  }
}
