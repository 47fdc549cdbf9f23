package io.plantroom.bench.size;

import io.plantroom.bench.Benchmark;
import io.plantroom.bench.Outcome;
import io.plantroom.bench.database.Compression;
import io.plantroom.bench.database.Cpu;
import io.plantroom.bench.database.Server;
import io.plantroom.bench.ingest.HubIngest;
import io.plantroom.bench.ingest.Load;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.database.DatabaseLevel;
import io.plantroom.hub.rollup.Rollups;
import io.plantroom.telemetry.Lane;
import io.plantroom.telemetry.Sample;
import io.plantroom.wire.Frame;
import io.plantroom.wire.FrameCodec;
import io.plantroom.wire.FrameHeader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/** Bytes of a sample of the simulated building's day in the database, at each level. */
public final class SizeBenchmark implements Benchmark {
  private static final int IN_A_FRAME = 1_000;
  private static final String WAL =
      "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint";

  private final Duration span = Duration.ofHours(Integer.getInteger("bench.hours", 24));

  @Override
  public String about() {
    return "bytes of a sample of the simulated building at each level, numbers before against after compression";
  }

  @Override
  public Outcome run() throws Exception {
    List<byte[]> frames = frames();
    Sizes before = null;
    Sizes after = null;
    for (DatabaseLevel level :
        List.of(DatabaseLevel.POSTGRESQL, DatabaseLevel.APACHE, DatabaseLevel.COMMUNITY)) {
      try (Server server = Server.start(level);
          Connection connection = server.connect()) {
        store(server, connection, frames);
        before = Sizes.of(connection, level != DatabaseLevel.POSTGRESQL);
        before.print(level.key());
        if (level == DatabaseLevel.COMMUNITY) {
          Compression.compressAll(server);
          after = Sizes.of(connection, true);
          after.print("community, compressed");
        }
      }
    }
    if (before == null || after == null) {
      throw new IllegalStateException("the community level comes last");
    }
    double compressed = after.of("telemetry").each();
    return new Outcome(before.of("telemetry").each(), "bytes/sample", "compressed", compressed);
  }

  /** What the gateway sends, a thousand samples a frame. */
  private List<byte[]> frames() {
    Instant from = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(3, ChronoUnit.DAYS);
    List<byte[]> frames = new ArrayList<>();
    List<Sample> gathered = new ArrayList<>();
    long[] sent = {0};
    new ToldBuilding()
        .tell(
            from,
            span,
            samples -> {
              gathered.addAll(samples);
              while (gathered.size() >= IN_A_FRAME) {
                List<Sample> some = gathered.subList(0, IN_A_FRAME);
                frames.add(frame(sent[0], some));
                sent[0] += some.size();
                some.clear();
              }
            });
    System.out.printf(
        Locale.ROOT,
        "the building has told %,d samples in %d h; on the wire %.1f bytes each%n",
        sent[0],
        span.toHours(),
        (double) frames.stream().mapToLong(f -> f.length).sum() / sent[0]);
    return frames;
  }

  private static byte[] frame(long sent, List<Sample> samples) {
    FrameHeader header =
        new FrameHeader(Load.gateway(0), Lane.TELEMETRY, 1, sent + 1, samples.size(), 1, 0);
    return FrameCodec.encode(new Frame.Telemetry(header, List.copyOf(samples)));
  }

  private static void store(Server server, Connection connection, List<byte[]> frames)
      throws InterruptedException, SQLException {
    try (Database database = Database.open(server.config(4));
        Statement s = connection.createStatement()) {
      HubIngest.gateways(database, 1);
      long begun = Sizes.number(s, WAL);
      CountDownLatch settled = new CountDownLatch(frames.size());
      try (HubIngest ingest = new HubIngest(database)) {
        for (byte[] frame : frames) {
          ingest.accept(Load.gateway(0), frame, settled::countDown);
        }
        settled.await();
      }
      long stored = Sizes.number(s, WAL);
      Cpu cpu = Cpu.begin(server);
      new Rollups(database).catchUp();
      long rolled = Sizes.number(s, WAL);
      double samples = (double) frames.size() * IN_A_FRAME;
      System.out.printf(
          Locale.ROOT,
          "%s: write-ahead log of a sample: ingest %.1f bytes, rollups %.1f bytes; rollups of a"
              + " million samples: %.1f CPU-s%n",
          database.level().key(),
          (stored - begun) / samples,
          (rolled - stored) / samples,
          cpu.seconds() * 1e6 / samples);
    }
  }
}
