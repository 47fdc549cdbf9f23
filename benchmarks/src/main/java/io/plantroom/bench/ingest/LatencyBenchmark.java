package io.plantroom.bench.ingest;

import io.plantroom.bench.LevelBenchmark;
import io.plantroom.bench.Outcome;
import io.plantroom.bench.database.Server;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.database.DatabaseLevel;
import io.plantroom.telemetry.Lane;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import io.plantroom.wire.Frame;
import io.plantroom.wire.FrameCodec;
import io.plantroom.wire.FrameHeader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** From the time a frame was due until its commit, at a steady rate from many gateways. */
public final class LatencyBenchmark implements LevelBenchmark {
  private static final int SECONDS = 8;
  private static final int[] RATES = {1_000, 10_000, 50_000};
  private static final int[] GATEWAYS = {100, 1_000, 10_000};
  private static final double LIMIT_MILLIS = 1_000;
  private long epoch = 1;

  @Override
  public String about() {
    return "p99 from payload to commit, 10,000 samples/s of 1,000 gateways, against a second; other rates printed";
  }

  @Override
  public Outcome run(DatabaseLevel level) throws Exception {
    try (Server server = Server.start(level);
        Database database = Database.open(server.config(4))) {
      HubIngest.gateways(database, GATEWAYS[GATEWAYS.length - 1]);
      double chosen = Double.NaN;
      measure(database, 10_000, 1_000); // what is compiled later must not count
      for (int gateways : GATEWAYS) {
        for (int rate : RATES) {
          double p99 = measure(database, rate, gateways);
          chosen = rate == 10_000 && gateways == 1_000 ? p99 : chosen;
        }
      }
      return new Outcome(chosen, "ms", "limit", LIMIT_MILLIS);
    }
  }

  private double measure(Database database, int rate, int gateways) throws Exception {
    epoch++;
    int perFrame = Math.max(1, rate / gateways);
    int frames = rate * SECONDS / perFrame;
    double[] millis = new double[frames];
    List<byte[]> payloads = new ArrayList<>();
    Instant now = Instant.now();
    for (int f = 0; f < frames; f++) {
      payloads.add(payload(f % gateways, f / gateways, perFrame, now.minusSeconds(14_400)));
    }
    CountDownLatch settled = new CountDownLatch(frames);
    try (HubIngest ingest = new HubIngest(database)) {
      long began = System.nanoTime();
      double pause = 1e9 * perFrame / rate;
      for (int f = 0; f < frames; f++) {
        long due = began + (long) (f * pause);
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        int frame = f;
        ingest.accept(
            Load.gateway(f % gateways),
            payloads.get(f),
            () -> {
              millis[frame] = (System.nanoTime() - due) / 1e6;
              settled.countDown();
            });
      }
      settled.await();
      double took = (System.nanoTime() - began) / 1e9;
      Arrays.sort(millis);
      System.out.printf(
          Locale.ROOT,
          "%,7d samples/s of %,6d gateways (%,6.0f frames/s): p50 %.0f ms, p99 %.0f ms%s%n",
          rate,
          gateways,
          1e9 / pause,
          millis[frames / 2],
          millis[frames * 99 / 100],
          took > SECONDS * 1.1
              ? String.format(Locale.ROOT, "; not kept up: %,.0f samples/s", rate * SECONDS / took)
              : "");
      return millis[frames * 99 / 100];
    }
  }

  private byte[] payload(int gateway, int frame, int count, Instant from) {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      samples.add(
          Sample.good(
              "device",
              "point-" + i % 50,
              from.plusMillis(epoch * 600_000 + frame * 1_000L + i / 50),
              new Value.Analog(frame)));
    }
    FrameHeader header =
        new FrameHeader(
            Load.gateway(gateway), Lane.TELEMETRY, epoch, (long) frame * count + 1, count, 1, 0);
    return FrameCodec.encode(new Frame.Telemetry(header, samples));
  }
}
