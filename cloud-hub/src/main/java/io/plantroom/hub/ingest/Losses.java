package io.plantroom.hub.ingest;

import io.plantroom.wire.Event;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What gateways have told of records they lost, and the gaps in the sequences, whichever comes
 * first: a gap takes its reason from what was told before, and what is told later gives its reason
 * to the gaps that stand. Only {@code ingest_gap} counts against the watermark.
 */
final class Losses {
  /** Both ways look at each other's rows, so one of them must wait for the other. */
  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(hashtext('ingest_gap'), :gateway)::text";

  private static final String TELL =
      """
      INSERT INTO record_loss (gateway_id, lane, epoch, from_seq, to_seq, reason, detail, oldest,
                               newest, at)
      VALUES (:gateway, :lane, :epoch, :from, :to, :reason, :detail, :oldest, :newest, :at)
      ON CONFLICT DO NOTHING""";
  private static final String UNEXPLAINED =
      """
      DELETE FROM ingest_gap WHERE gateway_id = :gateway AND lane = :lane AND epoch = :epoch
         AND reason = 'lost' AND from_seq <= :to AND to_seq >= :from
      RETURNING from_seq, to_seq""";
  private static final String TOLD =
      """
      SELECT from_seq, to_seq, reason, detail, oldest, newest FROM record_loss
       WHERE gateway_id = :gateway AND lane = :lane AND epoch = :epoch
         AND from_seq <= :to AND to_seq >= :from ORDER BY from_seq, to_seq""";
  private static final String GAP =
      """
      INSERT INTO ingest_gap (gateway_id, lane, epoch, from_seq, to_seq, reason, detail, oldest,
                              newest)
      VALUES (:gateway, :lane, :epoch, :from, :to, :reason, :detail, :oldest, :newest)""";

  private static final String SET_ASIDE =
      """
      DELETE FROM ingest_gap WHERE gateway_id = :gateway AND lane = :lane AND epoch = :epoch
         AND reason = 'quarantine' AND from_seq <= :to AND to_seq >= :from
      RETURNING from_seq, to_seq""";

  private Losses() {}

  /** Sequences, both ends included. */
  record Range(long from, long to) {}

  private record Told(
      long from,
      long to,
      String reason,
      @Nullable String detail,
      @Nullable OffsetDateTime oldest,
      @Nullable OffsetDateTime newest) {}

  /** Keeps what a gateway tells, and explains the gaps that stand already. */
  static void tell(Handle handle, GatewayRef gateway, Event.RecordsLost lost) {
    Watermarks.Key key = new Watermarks.Key(gateway.id(), lost.lane(), lost.epoch());
    lock(handle, key);
    String detail = lost.detail();
    handle
        .createUpdate(TELL)
        .bind("gateway", key.gatewayId())
        .bind("lane", key.lane().code())
        .bind("epoch", key.epoch())
        .bind("from", lost.from())
        .bind("to", lost.to())
        .bind("reason", lost.reason().name().toLowerCase(Locale.ROOT))
        .bind("detail", detail == null ? null : detail.replace("\0", ""))
        .bind("oldest", utc(lost.oldest()))
        .bind("newest", utc(lost.newest()))
        .bind("at", utc(lost.at()))
        .execute();
    for (Range r : taken(handle, UNEXPLAINED, key, lost.from(), lost.to())) {
      gap(handle, key, r.from(), r.to());
    }
  }

  /** Whether the gateway has told that all of these are lost, so that none need be asked for. */
  static boolean toldOfAll(Handle handle, Watermarks.Key key, long from, long to) {
    long next = from;
    for (Told t : told(handle, key, from, to)) {
      if (t.from() > next) {
        return false;
      }
      next = Math.max(next, t.to() + 1);
    }
    return next > to;
  }

  /** Writes a gap, each part with the reason that was told for it, else as lost. */
  static void gap(Handle handle, Watermarks.Key key, long from, long to) {
    lock(handle, key);
    long next = from;
    for (Told t : told(handle, key, from, to)) {
      long begin = Math.max(next, t.from());
      long end = Math.min(to, t.to());
      if (begin > end) {
        continue;
      }
      if (begin > next) {
        write(handle, key, next, begin - 1, new Told(0, 0, "lost", null, null, null));
      }
      write(handle, key, begin, end, t);
      next = end + 1;
    }
    if (next <= to) {
      write(handle, key, next, to, new Told(0, 0, "lost", null, null, null));
    }
  }

  /** Closes the gaps of what was set aside, as far as they lie in a range, and names them. */
  static List<Range> reopen(Handle handle, Watermarks.Key key, long from, long to) {
    lock(handle, key);
    List<Range> ranges = new ArrayList<>();
    for (Range r : taken(handle, SET_ASIDE, key, from, to)) {
      Told again = new Told(0, 0, "quarantine", null, null, null);
      if (r.from() < from) {
        write(handle, key, r.from(), from - 1, again);
      }
      if (r.to() > to) {
        write(handle, key, to + 1, r.to(), again);
      }
      ranges.add(new Range(Math.max(from, r.from()), Math.min(to, r.to())));
    }
    ranges.sort(Comparator.comparingLong(Range::from));
    return ranges;
  }

  private static List<Range> taken(
      Handle handle, String sql, Watermarks.Key key, long from, long to) {
    return handle
        .createQuery(sql)
        .bind("gateway", key.gatewayId())
        .bind("lane", key.lane().code())
        .bind("epoch", key.epoch())
        .bind("from", from)
        .bind("to", to)
        .map((rs, ctx) -> new Range(rs.getLong("from_seq"), rs.getLong("to_seq")))
        .list();
  }

  private static List<Told> told(Handle handle, Watermarks.Key key, long from, long to) {
    return handle
        .createQuery(TOLD)
        .bind("gateway", key.gatewayId())
        .bind("lane", key.lane().code())
        .bind("epoch", key.epoch())
        .bind("from", from)
        .bind("to", to)
        .map(
            (rs, ctx) ->
                new Told(
                    rs.getLong("from_seq"),
                    rs.getLong("to_seq"),
                    rs.getString("reason"),
                    rs.getString("detail"),
                    rs.getObject("oldest", OffsetDateTime.class),
                    rs.getObject("newest", OffsetDateTime.class)))
        .list();
  }

  private static void write(Handle handle, Watermarks.Key key, long from, long to, Told told) {
    handle
        .createUpdate(GAP)
        .bind("gateway", key.gatewayId())
        .bind("lane", key.lane().code())
        .bind("epoch", key.epoch())
        .bind("from", from)
        .bind("to", to)
        .bind("reason", told.reason())
        .bind("detail", told.detail())
        .bind("oldest", told.oldest())
        .bind("newest", told.newest())
        .execute();
  }

  private static void lock(Handle handle, Watermarks.Key key) {
    handle.createQuery(LOCK).bind("gateway", key.gatewayId()).mapTo(String.class).one();
  }

  private static @Nullable OffsetDateTime utc(@Nullable Instant at) {
    return at == null ? null : at.atOffset(ZoneOffset.UTC);
  }
}
