package io.plantroom.hub.ingest;

import io.plantroom.telemetry.Lane;
import io.plantroom.wire.FrameHeader;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The watermarks of one transaction: locked in one order, moved in memory, written at its end. */
final class Watermarks {
  private static final String MAKE =
      """
      INSERT INTO ingest_watermark (gateway_id, lane, epoch, last_seq)
      VALUES (:gateway, :lane, :epoch, 0) ON CONFLICT DO NOTHING""";
  private static final String LOCK =
      """
      SELECT last_seq FROM ingest_watermark
       WHERE gateway_id = :gateway AND lane = :lane AND epoch = :epoch FOR UPDATE""";
  private static final String MOVE =
      """
      UPDATE ingest_watermark SET last_seq = :seq, updated_at = now()
       WHERE gateway_id = :gateway AND lane = :lane AND epoch = :epoch""";
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
  private final Map<Key, Long> moved = new HashMap<>();

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
    for (Key key : ordered) {
      w.marks.put(key, w.lock(key));
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
    moved.forEach((key, seq) -> statement(MOVE, key, seq));
  }

  private long lock(Key key) {
    statement(MAKE, key, null);
    return handle
        .createQuery(LOCK)
        .bind("gateway", key.gatewayId())
        .bind("lane", key.lane().code())
        .bind("epoch", key.epoch())
        .mapTo(Long.class)
        .one();
  }

  private void statement(String sql, Key key, @Nullable Long seq) {
    var update =
        handle
            .createUpdate(sql)
            .bind("gateway", key.gatewayId())
            .bind("lane", key.lane().code())
            .bind("epoch", key.epoch());
    if (seq != null) {
      update.bind("seq", seq);
    }
    update.execute();
  }
}
