package io.plantroom.bench.drain;

import io.plantroom.edge.outbox.Outbox;
import io.plantroom.edge.outbox.Outboxes;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a gateway has kept while the hub was away: 20 devices of 50 points, each read once a second,
 * written through the agent's own outbox.
 */
record Backlog(Duration span) {
  static final int QUOTA_MEGABYTES = 64 << 10;
  private static final int DEVICES = 20;
  private static final int POINTS = 50;
  private static final long RESERVE = 32L << 20;

  static final int PER_SECOND = DEVICES * POINTS;

  long samples() {
    return span.toSeconds() * PER_SECOND;
  }

  /** Fills an empty outbox, the newest sample a minute old. */
  void write(Path folder) throws IOException {
    Instant from = Instant.now().minusSeconds(60).minus(span);
    long began = System.nanoTime();
    try (Outboxes outboxes =
        Outboxes.open(folder, Duration.ofSeconds(1), (long) QUOTA_MEGABYTES << 20, RESERVE)) {
      Outbox<Sample> outbox = outboxes.telemetry();
      for (long second = 0; second < span.toSeconds(); second++) {
        Instant at = Instant.ofEpochMilli(from.plusSeconds(second).toEpochMilli());
        for (int device = 0; device < DEVICES; device++) {
          outbox.append(poll(device, at));
        }
      }
    }
    System.out.printf(
        Locale.ROOT,
        "backlog: %,d samples of %d h, %.1f bytes a sample on disk, written in %.0f s%n",
        samples(),
        span.toHours(),
        (double) bytes(folder) / samples(),
        (System.nanoTime() - began) / 1e9);
  }

  private static List<Sample> poll(int device, Instant at) {
    List<Sample> samples = new ArrayList<>(POINTS);
    long second = at.getEpochSecond();
    for (int point = 0; point < POINTS; point++) {
      double value = Math.round(1e3 * Math.sin(device + point + second * 0.01)) / 10.0;
      samples.add(Sample.good("meter-" + device, "point-" + point, at, new Value.Analog(value)));
    }
    return samples;
  }

  private static long bytes(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("telemetry"))) {
      long sum = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sum += Files.size(file);
      }
      return sum;
    }
  }
}
