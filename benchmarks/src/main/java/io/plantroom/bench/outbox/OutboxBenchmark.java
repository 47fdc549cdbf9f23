package io.plantroom.bench.outbox;

import io.plantroom.bench.Benchmark;
import io.plantroom.bench.Outcome;
import io.plantroom.edge.outbox.ChronicleOutbox;
import io.plantroom.edge.outbox.RecordCodec;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Appends of one poll each, forced to disk once a second, against the same bytes into a file. */
public final class OutboxBenchmark implements Benchmark {
  private static final int POINTS = 50;
  private static final int APPENDS = 20_000;
  private static final int ROUNDS = 3;
  private static final Duration FLUSH = Duration.ofSeconds(1);

  @Override
  public String about() {
    return "samples/s into the outbox, 50 an append, against a plain file forced as often";
  }

  @Override
  public Outcome run() throws Exception {
    Path folder = Files.createTempDirectory("plantroom-bench");
    try {
      double ours = 0;
      double plain = 0;
      // In turns, and the better of each: other load on the machine only ever takes away.
      for (int round = 0; round <= ROUNDS; round++) {
        double p = plain(folder.resolve("plain-" + round));
        double o = ours(folder.resolve("outbox-" + round));
        if (round > 0) {
          plain = Math.max(plain, p);
          ours = Math.max(ours, o);
        }
      }
      return new Outcome(ours, "samples/s", "plain-file", plain);
    } finally {
      deleteAll(folder);
    }
  }

  private static double ours(Path folder) {
    try (ChronicleOutbox<Sample> outbox =
        ChronicleOutbox.open(folder, RecordCodec.TELEMETRY, ChronicleOutbox.settings(FLUSH))) {
      return measure("outbox", outbox::append);
    }
  }

  /** The same encoded bytes with their length before them, one write an append. */
  private static double plain(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      long[] forced = {System.nanoTime()};
      return measure(
          "plain file",
          samples -> {
            byte[] bytes = RecordCodec.TELEMETRY.encode(samples);
            try {
              channel.write(
                  ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes).flip());
              if (System.nanoTime() - forced[0] > FLUSH.toNanos()) {
                channel.force(false);
                forced[0] = System.nanoTime();
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }

  private static double measure(String name, Consumer<List<Sample>> append) {
    long[] nanos = new long[APPENDS];
    Instant at = Instant.now();
    long began = System.nanoTime();
    for (int i = 0; i < APPENDS; i++) {
      List<Sample> samples = poll(at.plusMillis(i));
      long start = System.nanoTime();
      append.accept(samples);
      nanos[i] = System.nanoTime() - start;
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    Arrays.sort(nanos);
    System.out.printf(
        Locale.ROOT,
        "%s: %.0f samples/s, append p50 %.1f p99 %.1f p99.9 %.1f us%n",
        name,
        APPENDS * POINTS / seconds,
        nanos[APPENDS / 2] / 1e3,
        nanos[APPENDS * 99 / 100] / 1e3,
        nanos[APPENDS - APPENDS / 1000] / 1e3);
    return APPENDS * POINTS / seconds;
  }

  private static List<Sample> poll(Instant at) {
    List<Sample> samples = new ArrayList<>(POINTS);
    for (int i = 0; i < POINTS; i++) {
      samples.add(
          Sample.good("meter-1", "point-" + i, at, new Value.Analog(at.toEpochMilli() % 997 + i)));
    }
    return samples;
  }

  private static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
