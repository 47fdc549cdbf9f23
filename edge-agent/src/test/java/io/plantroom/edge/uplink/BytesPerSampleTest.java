package io.plantroom.edge.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.plantroom.edge.outbox.ChronicleOutbox;
import io.plantroom.edge.outbox.Outbox;
import io.plantroom.edge.outbox.RecordCodec;
import io.plantroom.telemetry.Lane;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import io.plantroom.wire.Frame;
import io.plantroom.wire.FrameCodec;
import io.plantroom.wire.FrameHeader;
import io.plantroom.wire.TelemetryBody;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a sample costs. Prints it, and fails when it costs much more than it did. */
class BytesPerSampleTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final int POLLS = 4000;

  /** One poll of a meter: eight noisy quantities, two registers and a state. */
  private static List<Sample> poll(int second, Random random) {
    List<Sample> samples = new ArrayList<>();
    Instant at = NOON.plusSeconds(second).plusMillis(random.nextInt(40));
    String device = "meter-b1-0" + second % 9;
    for (int i = 1; i <= 8; i++) {
      double value = Math.round((230 + i + random.nextGaussian()) * 100) / 100.0;
      samples.add(Sample.good(device, "quantity-" + i, at, new Value.Analog(value)));
    }
    for (int i = 1; i <= 2; i++) {
      BigDecimal energy = BigDecimal.valueOf(1_234_567L + second * 3L + i, 2);
      samples.add(Sample.good(device, "active-energy-" + i, at, new Value.Counter(energy)));
    }
    samples.add(Sample.good(device, "breaker", at, new Value.State(1)));
    return samples;
  }

  @Test
  void aSampleCostsLessThanFiftyBytesOnTheDiskAndTenOnTheWire(@TempDir Path folder)
      throws Exception {
    Random random = new Random(20261121);
    long taken = 0;
    long plain = 0;
    long wire = 0;
    try (Outbox<Sample> outbox =
        ChronicleOutbox.open(
            folder, RecordCodec.TELEMETRY, ChronicleOutbox.settings(Duration.ofMillis(10)))) {
      for (int i = 0; i < POLLS; i++) {
        outbox.append(poll(i, random));
      }
      taken = outbox.lastSequence();
    }
    try (Outbox<Sample> outbox =
        ChronicleOutbox.open(
            folder, RecordCodec.TELEMETRY, ChronicleOutbox.settings(Duration.ZERO))) {
      for (long next = 1; next <= taken; ) {
        Outbox.Batch<Sample> b = outbox.peek(next, 500, 64 << 10);
        FrameHeader header =
            new FrameHeader("gw-1", Lane.TELEMETRY, 1, next, b.records().size(), next, 0);
        plain += TelemetryBody.encode(b.records()).length;
        wire += FrameCodec.encode(new Frame.Telemetry(header, b.records())).length;
        next = b.lastSequence() + 1;
      }
    }
    double disk = allocated(folder) / (double) taken;
    System.out.printf(
        "bytes per sample: disk %.1f, wire %.1f (before compression %.1f), %d samples%n",
        disk, wire / (double) taken, plain / (double) taken, taken);
    assertThat(disk).isLessThan(50);
    assertThat(wire / (double) taken).isLessThan(10);
  }

  private static long allocated(Path folder) throws Exception {
    long bytes = 0;
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(p -> p.toString().endsWith(".cq4")).toList()) {
        Process du = new ProcessBuilder("du", "-k", file.toString()).start();
        String out = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        bytes += Long.parseLong(out.split("\\s+", 2)[0]) << 10;
      }
    }
    return bytes;
  }
}
