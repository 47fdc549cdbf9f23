package io.plantroom.hub.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.plantroom.wire.Receipt.Outcome;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** What can be counted of the ingest, and how long it has been since it last moved. */
public final class IngestMetrics {
  private final MeterRegistry registry;
  private final Counter frames;
  private final Counter samples;
  private final Counter events;
  private final Counter quarantined;
  private final Counter retries;
  private final Timer commit;
  private final AtomicLong stuckSince = new AtomicLong();

  public IngestMetrics(MeterRegistry registry) {
    this.registry = registry;
    frames = registry.counter("plantroom.ingest.frames");
    samples = registry.counter("plantroom.ingest.samples.committed");
    events = registry.counter("plantroom.ingest.events.committed");
    quarantined = registry.counter("plantroom.ingest.quarantined");
    retries = registry.counter("plantroom.ingest.retries");
    commit =
        Timer.builder("plantroom.ingest.commit").publishPercentiles(0.5, 0.99).register(registry);
  }

  /** How long the database has refused to take what is waiting; zero when it takes it. */
  public Duration stuck() {
    long since = stuckSince.get();
    return since == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
  }

  void watchQueue(Supplier<Number> waiting) {
    Gauge.builder("plantroom.ingest.queue", waiting).register(registry);
  }

  void committed(int count, FrameStore.Result result, long nanos) {
    stuckSince.set(0);
    frames.increment(count);
    samples.increment(result.samples);
    events.increment(result.events);
    quarantined.increment(result.quarantined);
    commit.record(nanos, TimeUnit.NANOSECONDS);
  }

  void receipt(Outcome outcome) {
    registry
        .counter("plantroom.ingest.receipts", "outcome", outcome.name().toLowerCase(Locale.ROOT))
        .increment();
  }

  void retry() {
    stuckSince.compareAndSet(0, System.nanoTime());
    retries.increment();
  }
}
