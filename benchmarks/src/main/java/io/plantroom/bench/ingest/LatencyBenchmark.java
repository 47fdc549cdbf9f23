package io.plantroom.bench.ingest;

import io.plantroom.bench.LevelBenchmark;
import io.plantroom.bench.Outcome;
import io.plantroom.bench.database.Cpu;
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
  private static final int FASTEST = 50_000;
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
      sites(database);
      double chosen = Double.NaN;
      for (int gateways : GATEWAYS) {
        double made = first(database, gateways);
        double found = first(database, gateways);
        System.out.printf(
            Locale.ROOT,
            "%,d gateways' first frames of %,d samples at once: %.1f s; after a restart of the hub %.1f s%n",
            gateways,
            FASTEST / gateways,
            made,
            found);
        for (int rate : RATES) {
          double p99 = measure(server, database, rate, gateways);
          chosen = rate == 10_000 && gateways == 1_000 ? p99 : chosen;
        }
      }
      return new Outcome(chosen, "ms", "limit", LIMIT_MILLIS);
    }
  }

  /** Ten gateways a site. */
  private static void sites(Database database) {
    database
        .jdbi()
        .useHandle(
            h -> {
              h.execute(
                  """
                  INSERT INTO org_node (id, kind, name_zh, name_en, parent, time_zone, position)
                  SELECT DISTINCT 'bench-' || id / 10, 'site', '基准', 'Bench', NULL, 'Asia/Shanghai', 1
                    FROM gateway""");
              h.execute("UPDATE gateway SET site_id = 'bench-' || id / 10");
              h.execute("VACUUM gateway");
            });
  }

  /** Seconds until a hub that has just started has committed a frame of each gateway. */
  private double first(Database database, int gateways) throws InterruptedException {
    List<byte[]> payloads = payloads(gateways, gateways, FASTEST / gateways);
    try (HubIngest ingest = new HubIngest(database)) {
      return first(ingest, payloads);
    }
  }

  private static double first(HubIngest ingest, List<byte[]> payloads) throws InterruptedException {
    CountDownLatch settled = new CountDownLatch(payloads.size());
    long began = System.nanoTime();
    for (int g = 0; g < payloads.size(); g++) {
      ingest.accept(Load.gateway(g), payloads.get(g), settled::countDown);
    }
    settled.await();
    return (System.nanoTime() - began) / 1e9;
  }

  private double measure(Server server, Database database, int rate, int gateways)
      throws InterruptedException {
    int perFrame = Math.max(1, rate / gateways);
    int frames = rate * SECONDS / perFrame;
    double[] millis = new double[frames];
    List<byte[]> known = payloads(gateways, gateways, FASTEST / gateways);
    List<byte[]> payloads = payloads(frames, gateways, perFrame);
    CountDownLatch settled = new CountDownLatch(frames);
    try (HubIngest ingest = new HubIngest(database)) {
      first(ingest, known); // the start of a hub is told apart
      Cpu cpu = Cpu.begin(server);
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
          "%,7d samples/s of %,6d gateways (%,6.0f frames/s): p50 %.0f ms, p99 %.0f ms, CPU of a frame %.0f us%s%n",
          rate,
          gateways,
          1e9 / pause,
          millis[frames / 2],
          millis[frames * 99 / 100],
          cpu.seconds() / frames * 1e6,
          took > SECONDS * 1.1
              ? String.format(Locale.ROOT, "; not kept up: %,.0f samples/s", rate * SECONDS / took)
              : "");
      return millis[frames * 99 / 100];
    }
  }

  /** The gateways take turns; each call is a queue of its own of each of them. */
  private List<byte[]> payloads(int frames, int gateways, int perFrame) {
    epoch++;
    Instant from = Instant.now().minusSeconds(14_400);
    List<byte[]> payloads = new ArrayList<>();
    for (int f = 0; f < frames; f++) {
      payloads.add(payload(f % gateways, f / gateways, perFrame, from));
    }
    return payloads;
  }

  private byte[] payload(int gateway, int frame, int count, Instant from) {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      samples.add(
          Sample.good(
              "device",
              "point-" + i % 50,
              from.plusMillis(epoch * 60_000 + frame * 1_000L + i / 50),
              new Value.Analog(frame)));
    }
    FrameHeader header =
        new FrameHeader(
            Load.gateway(gateway), Lane.TELEMETRY, epoch, (long) frame * count + 1, count, 1, 0);
    return FrameCodec.encode(new Frame.Telemetry(header, samples));
  }
}
