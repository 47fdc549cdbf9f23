package io.plantroom.hub.completeness;

import io.plantroom.telemetry.Cause;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Why there is nothing: what is known of a gateway over a stretch of time. */
final class Causes {
  private static final String OFFLINE =
      """
      SELECT a.device_id, h.at, h.what FROM alarm a JOIN alarm_history h ON h.alarm_id = a.id
       WHERE a.gateway_id = :gateway AND a.key = 'device-offline' AND a.device_id IS NOT NULL
         AND h.what <> 'acknowledged' AND h.at < :to
       ORDER BY a.device_id, h.at, h.id""";
  private static final String LOST =
      """
      SELECT reason, coalesce(oldest, at) AS oldest, coalesce(newest, at) AS newest
        FROM record_loss WHERE gateway_id = :gateway AND lane = 1
         AND coalesce(oldest, at) < :to AND coalesce(newest, at) >= :from
      UNION ALL
      SELECT reason, seen_at, seen_at FROM ingest_gap
       WHERE gateway_id = :gateway AND lane = 1 AND reason IN ('lost', 'quarantine')
         AND seen_at >= :from AND seen_at < :to""";
  private static final String SUSPECT =
      """
      SELECT DISTINCT s.point_id, s.received_at FROM sample_suspect s
       WHERE s.point_id = ANY (:points) AND s.received_at >= :from AND s.received_at < :to""";

  /** Data comes in its order, so once something newer is there, nothing older follows. */
  private static final String NEWER =
      """
      SELECT EXISTS (SELECT 1 FROM device d JOIN point p ON p.device_id = d.id
                       JOIN point_latest l ON l.point_id = p.id
                      WHERE d.gateway_id = :gateway AND l.ts >= :to)""";

  private final Span span;
  private boolean newer;
  private final Map<Integer, BitSet> offline = new HashMap<>();
  private final Map<Integer, String> lost = new HashMap<>();
  private final Map<Integer, BitSet> clock = new HashMap<>();

  private Causes(Span span) {
    this.span = span;
  }

  static Causes of(Handle handle, int gateway, List<Known> points, Span span) {
    Causes causes = new Causes(span);
    causes.readOffline(handle, gateway);
    causes.readLost(handle, gateway);
    causes.newer =
        handle
            .createQuery(NEWER)
            .bind("gateway", gateway)
            .bind("to", utc(span.to()))
            .mapTo(Boolean.class)
            .one();
    handle
        .createQuery(SUSPECT)
        .bindArray("points", Integer.class, points.stream().map(Known::id).toArray())
        .bind("from", utc(span.from()))
        .bind("to", utc(span.to()))
        .map((rs, ctx) -> Map.entry(rs.getInt("point_id"), instant(rs.getTimestamp("received_at"))))
        .forEach(
            e ->
                causes
                    .clock
                    .computeIfAbsent(e.getKey(), id -> new BitSet())
                    .set(span.slot(e.getValue())));
    return causes;
  }

  /**
   * Why a point has no sample in a slot.
   *
   * @param others what any point of the gateway has delivered
   */
  String missing(Known point, int slot, BitSet others) {
    String told = lost.get(slot);
    if (told != null) {
      return told;
    }
    if (set(clock.get(point.id()), slot)) {
      return "clock";
    }
    if (!others.get(slot)) {
      return !newer && others.nextSetBit(slot) < 0 ? "pending" : "agent-down";
    }
    return set(offline.get(point.deviceId()), slot) ? "device-silent" : "unknown";
  }

  /** Why a sample is bad, in the words of the ledger. */
  static String bad(Cause cause) {
    return switch (cause) {
      case TIMEOUT -> "device-silent";
      case NO_CONNECTION -> "bus-down";
      default -> "device-error";
    };
  }

  private void readOffline(Handle handle, int gateway) {
    Map<Integer, Instant> since = new HashMap<>();
    handle
        .createQuery(OFFLINE)
        .bind("gateway", gateway)
        .bind("to", utc(span.to()))
        .map(
            (rs, ctx) ->
                new Change(
                    rs.getInt("device_id"),
                    instant(rs.getTimestamp("at")),
                    !rs.getString("what").equals("cleared")))
        .forEach(
            c -> {
              Instant began = since.remove(c.device());
              if (c.offline()) {
                since.put(c.device(), began == null ? c.at() : began);
              } else if (began != null) {
                mark(c.device(), began, c.at());
              }
            });
    since.forEach((device, began) -> mark(device, began, span.to()));
  }

  private record Change(int device, Instant at, boolean offline) {}

  private void mark(int device, Instant from, Instant to) {
    int first = Math.max(0, span.slot(from));
    int last = Math.min(span.slots() - 1, span.slot(to));
    if (first <= last) {
      offline.computeIfAbsent(device, d -> new BitSet()).set(first, last + 1);
    }
  }

  private void readLost(Handle handle, int gateway) {
    handle
        .createQuery(LOST)
        .bind("gateway", gateway)
        .bind("from", utc(span.from()))
        .bind("to", utc(span.to()))
        .map(
            (rs, ctx) -> {
              int first = Math.max(0, span.slot(instant(rs.getTimestamp("oldest"))));
              int last = Math.min(span.slots() - 1, span.slot(instant(rs.getTimestamp("newest"))));
              for (int slot = first; slot <= last; slot++) {
                lost.putIfAbsent(slot, rs.getString("reason"));
              }
              return last;
            })
        .list();
  }

  private static boolean set(@Nullable BitSet bits, int slot) {
    return bits != null && bits.get(slot);
  }

  private static Instant instant(Timestamp at) {
    return at.toInstant();
  }

  static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
