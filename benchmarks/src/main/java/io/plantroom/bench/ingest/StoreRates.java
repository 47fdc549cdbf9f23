package io.plantroom.bench.ingest;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.plantroom.hub.config.HubConfig;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.ingest.Delivery;
import io.plantroom.hub.ingest.Ingest;
import io.plantroom.hub.ingest.IngestMetrics;
import io.plantroom.hub.telemetry.PointRegistry;
import io.plantroom.hub.telemetry.SampleStore;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.telemetry.Lane;
import io.plantroom.wire.Topics;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/**
 * How fast rows go into one database, with nothing else at work.
 *
 * @param hub samples a second from payload to commit, by the hub's ingest in this process
 * @param rawCopy rows a second of a bare COPY
 */
public record StoreRates(double hub, double rawCopy) {
  private static final int GATEWAYS = 20;
  private static final int WARM_UP_FRAMES = 5;
  private static final int FRAMES = 20;
  private static final int ROUNDS = 5;

  /** Measures both in turns. The tables of samples and watermarks are emptied. */
  public static StoreRates measure(String url, String user, String password) throws Exception {
    HubConfig.DatabaseConfig config = new HubConfig.DatabaseConfig(url, user, password, null, 4);
    try (Database database = Database.open(config)) {
      gateways(database);
      double ours = 0;
      double bare = 0;
      // In turns, and the better of each: other load on the machine only ever takes away.
      Instant from = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(9, ChronoUnit.DAYS);
      ours(database, new Load(GATEWAYS, WARM_UP_FRAMES, from));
      BareCopy.measure(database, url, new Load(GATEWAYS, WARM_UP_FRAMES, from));
      for (int round = 1; round <= ROUNDS; round++) {
        Load load = new Load(GATEWAYS, FRAMES, from.plus(round, ChronoUnit.DAYS));
        Rate b = BareCopy.measure(database, url, load);
        Rate o = ours(database, load);
        System.out.printf(
            Locale.ROOT,
            "round %d: hub %.0f, raw COPY %.0f rows/s; CPU of a million rows: hub %.2f s, raw COPY %.2f s%n",
            round,
            o.rows(),
            b.rows(),
            o.cpu(),
            b.cpu());
        bare = Math.max(bare, b.rows());
        ours = Math.max(ours, o.rows());
      }
      return new StoreRates(ours, bare);
    }
  }

  private static void gateways(Database database) {
    database
        .jdbi()
        .useHandle(
            h -> {
              h.execute(
                  """
                  INSERT INTO org_node (id, kind, name_zh, name_en, parent, time_zone, position)
                  VALUES ('bench', 'site', '基准', 'Bench', NULL, 'Asia/Shanghai', 1)
                  ON CONFLICT DO NOTHING""");
              for (int i = 0; i < GATEWAYS; i++) {
                h.execute(
                    "INSERT INTO gateway (code, site_id, name_zh, name_en) VALUES (?, 'bench', 'g', 'g')",
                    Load.gateway(i));
              }
            });
  }

  /** Samples a second; the payloads are made ahead, as they would come from the network. */
  private static Rate ours(Database database, Load load) throws InterruptedException {
    ProfileCatalog none = ProfileCatalog.builtIn();
    PointRegistry points = new PointRegistry(none);
    SampleStore samples = new SampleStore(database, InstantSource.system());
    database.jdbi().useHandle(h -> h.execute("TRUNCATE ingest_watermark, telemetry"));
    byte[][][] payloads = new byte[load.framesEach()][load.gateways()][];
    for (int f = 0; f < load.framesEach(); f++) {
      for (int g = 0; g < load.gateways(); g++) {
        payloads[f][g] = load.payload(g, f);
      }
    }
    CountDownLatch settled = new CountDownLatch(load.frames());
    Ingest ingest =
        new Ingest(
            database,
            points,
            samples,
            new Ingest.Listeners(List.of(), List.of(), (gateway, status) -> {}),
            (gateway, receipt) -> {},
            new IngestMetrics(new SimpleMeterRegistry()));
    ingest.start();
    try {
      Cpu cpu = Cpu.begin(database);
      long began = System.nanoTime();
      for (byte[][] second : payloads) {
        for (int g = 0; g < second.length; g++) {
          ingest.accept(
              new Delivery(
                  Topics.frames(Load.gateway(g), Lane.TELEMETRY), second[g], settled::countDown));
        }
      }
      settled.await();
      return Rate.of(load.samples(), (System.nanoTime() - began) / 1e9, cpu.seconds());
    } finally {
      ingest.stop();
    }
  }
}
