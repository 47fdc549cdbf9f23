package io.plantroom.bench.ingest;

import io.plantroom.bench.database.Cpu;
import io.plantroom.bench.database.Server;
import io.plantroom.hub.database.DatabaseLevel;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;

/**
 * The least a program can do: the same rows into a table of the same shape. All gateways' frames of
 * one time go in one COPY and one commit, because the hub may join as many frames as wait.
 */
final class BareCopy {
  private static final long EPOCH_2000_MICROS = 946_684_800_000_000L;

  private static final String PARTITIONS =
      """
      CREATE TABLE bare (LIKE telemetry INCLUDING DEFAULTS) PARTITION BY RANGE (ts);
      CREATE TABLE bare_all PARTITION OF bare DEFAULT""";
  private static final String HYPERTABLE =
      """
      CREATE TABLE bare (LIKE telemetry INCLUDING DEFAULTS);
      SELECT create_hypertable('bare', by_range('ts', interval '1 day'),
                               create_default_indexes => false)""";

  private BareCopy() {}

  /** Rows a second, one connection; making the rows counts, as it does for the hub. */
  static Rate measure(DatabaseLevel level, Server server, Load load) throws Exception {
    try (Connection connection = server.connect()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("DROP TABLE IF EXISTS bare");
        statement.execute(level == DatabaseLevel.POSTGRESQL ? PARTITIONS : HYPERTABLE);
        statement.execute("CREATE UNIQUE INDEX ON bare (point_id, ts)");
        statement.execute("SET synchronous_commit = on");
      }
      connection.setAutoCommit(false);
      var copy = connection.unwrap(PGConnection.class).getCopyAPI();
      List<List<Sample>> frames = new ArrayList<>();
      for (int frame = 0; frame < load.framesEach(); frame++) {
        frames.add(load.samples(frame));
      }
      Cpu cpu = Cpu.begin(server);
      long began = System.nanoTime();
      for (List<Sample> samples : frames) {
        byte[] rows = rows(samples, load.gateways());
        var in =
            copy.copyIn(
                "COPY bare (ts, value, point_id, quality, cause, clock_trusted)"
                    + " FROM STDIN (FORMAT binary)");
        in.writeToCopy(rows, 0, rows.length);
        in.endCopy();
        connection.commit();
      }
      return Rate.of(load.samples(), (System.nanoTime() - began) / 1e9, cpu);
    }
  }

  private static byte[] rows(List<Sample> samples, int gateways) {
    ByteBuffer out = ByteBuffer.allocate(21 + gateways * samples.size() * 61);
    out.put(new byte[] {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0})
        .putInt(0)
        .putInt(0);
    for (int gateway = 0; gateway < gateways; gateway++) {
      for (int i = 0; i < samples.size(); i++) {
        row(out, samples.get(i), gateway * Load.POINTS + i % Load.POINTS);
      }
    }
    out.putShort((short) -1);
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return bytes;
  }

  private static void row(ByteBuffer out, Sample s, int point) {
    out.putShort((short) 6);
    out.putInt(8).putLong(s.at().toEpochMilli() * 1000 - EPOCH_2000_MICROS);
    out.putInt(8).putDouble(s.value() instanceof Value.Analog a ? a.value() : 0);
    out.putInt(4).putInt(point);
    out.putInt(2).putShort((short) 0);
    out.putInt(2).putShort((short) 0);
    out.putInt(1).put((byte) 1);
  }
}
