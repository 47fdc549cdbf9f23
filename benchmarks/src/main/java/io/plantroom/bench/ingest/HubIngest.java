package io.plantroom.bench.ingest;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.plantroom.bench.database.Cpu;
import io.plantroom.bench.database.Server;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.ingest.Delivery;
import io.plantroom.hub.ingest.Ingest;
import io.plantroom.hub.ingest.IngestMetrics;
import io.plantroom.hub.telemetry.PointRegistry;
import io.plantroom.hub.telemetry.SampleStore;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.telemetry.Lane;
import io.plantroom.wire.Topics;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The hub's ingest in this process, without broker and listeners. */
public final class HubIngest implements AutoCloseable {
  private final Ingest ingest;

  public HubIngest(Database database) {
    ingest =
        new Ingest(
            database,
            new PointRegistry(ProfileCatalog.builtIn()),
            new SampleStore(database, InstantSource.system()),
            new Ingest.Listeners(List.of(), List.of(), (gateway, status) -> {}),
            (gateway, receipt) -> {},
            new IngestMetrics(new SimpleMeterRegistry()));
    ingest.start();
  }

  /** Lists the first gateways of a {@link Load}, at a site of their own. */
  public static void gateways(Database database, int count) {
    database
        .jdbi()
        .useHandle(
            h -> {
              h.execute(
                  """
                  INSERT INTO org_node (id, kind, name_zh, name_en, parent, time_zone, position)
                  VALUES ('bench', 'site', '基准', 'Bench', NULL, 'Asia/Shanghai', 1)
                  ON CONFLICT DO NOTHING""");
              for (int i = 0; i < count; i++) {
                h.execute(
                    "INSERT INTO gateway (code, site_id, name_zh, name_en) VALUES (?, 'bench', 'g', 'g')",
                    Load.gateway(i));
              }
            });
  }

  /**
   * Hands over a frame; waits while too many are under way.
   *
   * @param settled called after its commit
   */
  public void accept(String gateway, byte[] payload, Runnable settled) throws InterruptedException {
    ingest.accept(new Delivery(Topics.frames(gateway, Lane.TELEMETRY), payload, settled));
  }

  /** Takes in a load as fast as it goes; its payloads are made ahead, as if from the network. */
  public static Rate take(Database database, Server server, Load load) throws InterruptedException {
    byte[][][] payloads = new byte[load.framesEach()][load.gateways()][];
    for (int f = 0; f < load.framesEach(); f++) {
      for (int g = 0; g < load.gateways(); g++) {
        payloads[f][g] = load.payload(g, f);
      }
    }
    CountDownLatch settled = new CountDownLatch(load.frames());
    try (HubIngest ingest = new HubIngest(database)) {
      Cpu cpu = Cpu.begin(server);
      long began = System.nanoTime();
      for (byte[][] second : payloads) {
        for (int g = 0; g < second.length; g++) {
          ingest.accept(Load.gateway(g), second[g], settled::countDown);
        }
      }
      settled.await();
      return Rate.of(load.samples(), (System.nanoTime() - began) / 1e9, cpu);
    }
  }

  @Override
  public void close() {
    ingest.stop();
  }
}
