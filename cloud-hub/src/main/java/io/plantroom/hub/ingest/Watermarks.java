package io.plantroom.hub.ingest;

import io.plantroom.telemetry.Lane;
import io.plantroom.wire.FrameHeader;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/** The watermarks of one transaction: locked in one order, moved in memory, written at its end. */
final class Watermarks {
  private static final String KEYS =
      "unnest(CAST(:gateways AS int[]), CAST(:lanes AS int[]), CAST(:epochs AS bigint[]))";
  private static final String MAKE =
      """
      INSERT INTO ingest_watermark (gateway_id, lane, epoch, last_seq)
      SELECT g, l, e, 0 FROM\s"""
          + KEYS
          + """
       AS k(g, l, e) ORDER BY g, l, e ON CONFLICT DO NOTHING""";

  /** Row by row, so that no plan reads what other gateways and former queues have left. */
  private static final String LOCK =
      """
      SELECT g AS gateway_id, l AS lane, e AS epoch, w.last_seq
        FROM (SELECT g, l, e FROM\s"""
          + KEYS
          + """
       AS k(g, l, e) ORDER BY g, l, e) k
       CROSS JOIN LATERAL (
         SELECT last_seq FROM ingest_watermark
          WHERE gateway_id = g AND lane = l AND epoch = e FOR UPDATE) w""";

  /** The rows are there and locked; a conflict is looked for by the index, whatever the plan. */
  private static final String MOVE =
      """
      INSERT INTO ingest_watermark AS w (gateway_id, lane, epoch, last_seq)
      SELECT g, l, e, seq
        FROM unnest(CAST(:gateways AS int[]), CAST(:lanes AS int[]), CAST(:epochs AS bigint[]),
                    CAST(:seqs AS bigint[])) AS k(g, l, e, seq)
      ON CONFLICT (gateway_id, lane, epoch)
      DO UPDATE SET last_seq = excluded.last_seq, updated_at = now()""";

  private static final String GAP =
      """
      INSERT INTO ingest_gap (gateway_id, lane, epoch, from_seq, to_seq, reason)
      VALUES (:gateway, :lane, :epoch, :from, :to, :reason)""";

  /** One queue of one gateway. */
  record Key(int gatewayId, Lane lane, long epoch) {
    static Key of(GatewayRef gateway, FrameHeader header) {
      return new Key(gateway.id(), header.lane(), header.epoch());
    }
  }

  private final Handle handle;
  private final Map<Key, Long> marks = new HashMap<>();
  private final Map<Key, Long> moved = new LinkedHashMap<>();

  private Watermarks(Handle handle) {
    this.handle = handle;
  }

  /** Always in the same order, so that two hubs never wait for each other. */
  static Watermarks lock(Handle handle, Collection<Key> keys) {
    Watermarks w = new Watermarks(handle);
    TreeSet<Key> ordered =
        new TreeSet<>(
            Comparator.comparingInt(Key::gatewayId)
                .thenComparing(Key::lane)
                .thenComparingLong(Key::epoch));
    ordered.addAll(keys);
    w.read(ordered);
    if (w.marks.size() < ordered.size()) {
      w.bind(handle.createUpdate(MAKE), ordered).execute();
      w.read(ordered);
    }
    return w;
  }

  long of(Key key) {
    Long mark = marks.get(key);
    if (mark == null) {
      throw new IllegalStateException("the watermark of " + key + " is not locked");
    }
    return mark;
  }

  void move(Key key, long to) {
    marks.put(key, to);
    moved.put(key, to);
  }

  /** Says that some sequences are not in the tables, and why. */
  void gap(Key key, long from, long to, String reason) {
    handle
        .createUpdate(GAP)
        .bind("gateway", key.gatewayId())
        .bind("lane", key.lane().code())
        .bind("epoch", key.epoch())
        .bind("from", from)
        .bind("to", to)
        .bind("reason", reason)
        .execute();
  }

  void write() {
    if (!moved.isEmpty()) {
      bind(handle.createUpdate(MOVE), moved.keySet())
          .bindArray("seqs", Long.class, moved.values().toArray())
          .execute();
    }
  }

  private void read(Collection<Key> keys) {
    if (keys.isEmpty()) {
      return;
    }
    bind(handle.createQuery(LOCK), keys)
        .map(
            (rs, ctx) ->
                Map.entry(
                    new Key(
                        rs.getInt("gateway_id"), Lane.of(rs.getInt("lane")), rs.getLong("epoch")),
                    rs.getLong("last_seq")))
        .forEach(e -> marks.put(e.getKey(), e.getValue()));
  }

  private <S extends SqlStatement<S>> S bind(S statement, Collection<Key> keys) {
    return statement
        .bindArray("gateways", Integer.class, keys.stream().map(Key::gatewayId).toArray())
        .bindArray("lanes", Integer.class, keys.stream().map(k -> k.lane().code()).toArray())
        .bindArray("epochs", Long.class, keys.stream().map(Key::epoch).toArray());
  }
}
