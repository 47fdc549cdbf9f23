package io.plantroom.bench.live;

import io.plantroom.bench.Benchmark;
import io.plantroom.bench.Outcome;
import io.plantroom.bench.ProcessStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.DoubleAccumulator;

/** The memory of the shipped hub at work, {@code -Xmx384m}. Linux. */
public final class HubMemoryBenchmark implements Benchmark {
  private static final int RATE = 10_000;
  private static final Duration SPAN = Duration.ofSeconds(Integer.getInteger("bench.seconds", 60));

  /** Twice its heap: what docs/sizing.md sets aside for a hub. */
  private static final double LIMIT_MB = 768;

  @Override
  public String about() {
    return "resident MB of the shipped hub, -Xmx384m, 10,000 samples/s of 1,000 gateways for a minute";
  }

  @Override
  public Outcome run() throws Exception {
    try (Traffic traffic = new Traffic()) {
      ProcessHandle hub = traffic.hub();
      DoubleAccumulator most = new DoubleAccumulator(Math::max, 0);
      ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
      try {
        var unused =
            watch.scheduleAtFixedRate(
                () -> most.accumulate(megabytes(hub, "VmRSS")), 1, 1, TimeUnit.SECONDS);
        double cpuBefore = cpu(hub);
        long began = System.nanoTime();
        Traffic.Seen seen = traffic.pace(RATE, Duration.ZERO, SPAN);
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf(
            Locale.ROOT,
            "resident at the end %.0f MB, without mapped files %.0f MB, most seen %.0f MB; %.2f"
                + " cores; receipt %s of %,d of %,d frames%n",
            megabytes(hub, "VmRSS"),
            megabytes(hub, "RssAnon"),
            most.get(),
            (cpu(hub) - cpuBefore) / seconds,
            seen.committed(),
            seen.committed().count(),
            seen.frames());
      } finally {
        watch.shutdownNow();
      }
      return new Outcome(most.get(), "MB", "limit", LIMIT_MB);
    }
  }

  private static double cpu(ProcessHandle hub) {
    return hub.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
  }

  private static double megabytes(ProcessHandle hub, String name) {
    try {
      return ProcessStatus.megabytes(hub.pid(), name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
