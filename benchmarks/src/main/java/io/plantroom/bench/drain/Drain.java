package io.plantroom.bench.drain;

import io.plantroom.bench.Folders;
import io.plantroom.bench.ProcessStatus;
import io.plantroom.deploy.BacklogRun;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * One run: the shipped gateway with a backlog, the shipped broker and hub, until all is committed
 * or the time is over.
 *
 * @param samplesPerSecond committed, from the first to the last commit seen
 * @param peakMegabytes most memory of the gateway's process that is not a mapped file
 */
record Drain(double samplesPerSecond, double peakMegabytes) {
  private static final Path CHECKOUT = Path.of("");
  private static final int HEAP_MEGABYTES = 128;
  private static final Duration STALLED = Duration.ofMinutes(2);

  /** What else to measure on the same database when the drain is over. */
  interface Peer {
    void measure(BacklogRun run) throws Exception;
  }

  static Drain run(Backlog backlog, Duration most, Peer peer) throws Exception {
    Path data = Folders.fresh();
    try (BacklogRun run = BacklogRun.begin(CHECKOUT, data)) {
      backlog.write(run.outbox());
      Drain drain = watch(run, backlog.samples(), most);
      peer.measure(run);
      return drain;
    } finally {
      Folders.delete(data);
    }
  }

  private static Drain watch(BacklogRun run, long samples, Duration most) throws Exception {
    ProcessHandle gateway = run.startGateway(HEAP_MEGABYTES, Backlog.QUOTA_MEGABYTES);
    long began = 0;
    long before = 0;
    long committed = 0;
    long moved = System.nanoTime();
    double peak = 0;
    while (committed < samples && (began == 0 || System.nanoTime() - began < most.toNanos())) {
      TimeUnit.MILLISECONDS.sleep(100);
      // Mapped queue files are not in it, because the kernel may drop those at will.
      peak = Math.max(peak, ProcessStatus.megabytes(gateway.pid(), "RssAnon"));
      long now = run.committed();
      if (now > committed) {
        moved = System.nanoTime();
        if (began == 0) {
          began = moved;
          before = now;
        }
        committed = now;
      }
      if (System.nanoTime() - moved > STALLED.toNanos()) {
        throw new IOException("nothing was committed for " + STALLED.toSeconds() + " s");
      }
    }
    double seconds = (moved - began) / 1e9;
    double rate = (committed - before) / seconds;
    System.out.printf(
        Locale.ROOT,
        "drained %,d of %,d samples in %.0f s: %,.0f samples/s, gateway %.0f MB, %.0f CPU-s%n",
        committed,
        samples,
        seconds,
        rate,
        peak,
        gateway.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3);
    return new Drain(rate, peak);
  }
}
