package io.plantroom.bench.ingest;

import io.plantroom.bench.database.Server;
import io.plantroom.hub.database.Database;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

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
  public static StoreRates measure(Server server) throws Exception {
    try (Database database = Database.open(server.config(4))) {
      HubIngest.gateways(database, GATEWAYS);
      double ours = 0;
      double bare = 0;
      // In turns, and the better of each: other load on the machine only ever takes away.
      Instant from = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(9, ChronoUnit.DAYS);
      Load warmUp = new Load(GATEWAYS, WARM_UP_FRAMES, from);
      ours(database, server, warmUp);
      BareCopy.measure(database.level(), server, warmUp);
      for (int round = 1; round <= ROUNDS; round++) {
        Load load = new Load(GATEWAYS, FRAMES, from.plus(round, ChronoUnit.DAYS));
        Rate b = BareCopy.measure(database.level(), server, load);
        Rate o = ours(database, server, load);
        System.out.printf(
            Locale.ROOT,
            "round %d: hub %.0f, raw COPY %.0f rows/s; CPU of a million rows: hub %.2f s (server %.2f),"
                + " raw COPY %.2f s (server %.2f)%n",
            round,
            o.rows(),
            b.rows(),
            o.cpu(),
            o.serverCpu(),
            b.cpu(),
            b.serverCpu());
        bare = Math.max(bare, b.rows());
        ours = Math.max(ours, o.rows());
      }
      return new StoreRates(ours, bare);
    }
  }

  private static Rate ours(Database database, Server server, Load load)
      throws InterruptedException {
    database.jdbi().useHandle(h -> h.execute("TRUNCATE ingest_watermark, telemetry"));
    return HubIngest.take(database, server, load);
  }
}
