package io.plantroom.hub.alarm;

import io.plantroom.hub.ingest.GatewayRef;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The rows of alarms and the only transitions they have. All within the caller's transaction. */
final class AlarmLedger {
  private static final String OPEN =
      """
      SELECT id, occurrence, raised_at, cleared_at FROM alarm
       WHERE gateway_id = :gateway AND coalesce(device_id, 0) = coalesce(CAST(:device AS int), 0)
         AND key = :key AND (cleared_at IS NULL OR acknowledged_at IS NULL) FOR UPDATE""";
  private static final String ADD =
      """
      INSERT INTO alarm (site_id, gateway_id, device_id, key, category, title_zh, title_en,
          cause_zh, cause_en, advice_zh, advice_en, priority, latched, point_id, value, unit,
          occurrence, raised_at)
      VALUES (:site, :gateway, :device, :key, :category, :title_zh, :title_en, :cause_zh, :cause_en,
          :advice_zh, :advice_en, :priority, :latched,
          (SELECT id FROM point WHERE device_id = :device AND name = :point), :value, :unit,
          :occurrence, :at)
      RETURNING id""";
  private static final String AGAIN =
      """
      UPDATE alarm SET occurrence = :occurrence, occurrences = occurrences + 1, raised_at = :at,
          cleared_at = NULL, acknowledged_at = NULL, acknowledged_by = NULL, note = NULL,
          value = :value
       WHERE id = :id""";
  private static final String CLEAR = "UPDATE alarm SET cleared_at = :at WHERE id = :id";
  private static final String SEEN =
      """
      SELECT EXISTS (SELECT 1 FROM alarm WHERE gateway_id = :gateway AND occurrence = :occurrence)""";
  private static final String ACKNOWLEDGE =
      """
      UPDATE alarm SET acknowledged_at = :at, acknowledged_by = :who, note = :note
       WHERE id = :id AND acknowledged_at IS NULL""";
  private static final String HISTORY =
      """
      INSERT INTO alarm_history (alarm_id, at, who, what, note)
      VALUES (:alarm, :at, :who, :what, :note)""";

  private AlarmLedger() {}

  private record Row(long id, UUID occurrence, Instant raisedAt, @Nullable Instant clearedAt) {}

  /** The alarm that changed, or empty when nothing new was said. */
  static OptionalLong raise(Handle handle, AlarmSpec spec) {
    Optional<Row> open = open(handle, spec.gateway(), spec.deviceId(), spec.key());
    if (open.isEmpty()) {
      return seen(handle, spec) ? OptionalLong.empty() : OptionalLong.of(add(handle, spec));
    }
    Row row = open.get();
    if (row.occurrence().equals(spec.occurrence()) || spec.at().isBefore(row.raisedAt())) {
      return OptionalLong.empty();
    }
    handle
        .createUpdate(AGAIN)
        .bind("id", row.id())
        .bind("occurrence", spec.occurrence())
        .bind("at", utc(spec.at()))
        .bind("value", spec.value())
        .execute();
    history(handle, row.id(), spec.at(), spec.gateway().code(), "re-raised", spec.value());
    return OptionalLong.of(row.id());
  }

  /** The alarm that changed, or empty when none of that occurrence is active. */
  static OptionalLong clear(
      Handle handle,
      GatewayRef gateway,
      @Nullable Integer deviceId,
      String key,
      @Nullable UUID occurrence,
      Instant at) {
    Optional<Row> open = open(handle, gateway, deviceId, key);
    if (open.isEmpty() || open.get().clearedAt() != null) {
      return OptionalLong.empty();
    }
    Row row = open.get();
    // The end of an earlier occurrence, late on its way, must not end the present one.
    if (!row.occurrence().equals(occurrence) && at.isBefore(row.raisedAt())) {
      return OptionalLong.empty();
    }
    handle.createUpdate(CLEAR).bind("id", row.id()).bind("at", utc(at)).execute();
    history(handle, row.id(), at, gateway.code(), "cleared", null);
    return OptionalLong.of(row.id());
  }

  /** False when somebody was faster. */
  static boolean acknowledge(
      Handle handle, long id, Instant at, String who, @Nullable String note) {
    int changed =
        handle
            .createUpdate(ACKNOWLEDGE)
            .bind("id", id)
            .bind("at", utc(at))
            .bind("who", who)
            .bind("note", note)
            .execute();
    if (changed == 1) {
      history(handle, id, at, who, "acknowledged", note);
    }
    return changed == 1;
  }

  private static Optional<Row> open(
      Handle handle, GatewayRef gateway, @Nullable Integer deviceId, String key) {
    return handle
        .createQuery(OPEN)
        .bind("gateway", gateway.id())
        .bind("device", deviceId)
        .bind("key", key)
        .map(
            (rs, ctx) ->
                new Row(
                    rs.getLong("id"),
                    rs.getObject("occurrence", UUID.class),
                    rs.getTimestamp("raised_at").toInstant(),
                    rs.getTimestamp("cleared_at") == null
                        ? null
                        : rs.getTimestamp("cleared_at").toInstant()))
        .findOne();
  }

  private static boolean seen(Handle handle, AlarmSpec spec) {
    return handle
        .createQuery(SEEN)
        .bind("gateway", spec.gateway().id())
        .bind("occurrence", spec.occurrence())
        .mapTo(Boolean.class)
        .one();
  }

  private static long add(Handle handle, AlarmSpec spec) {
    long id =
        handle
            .createQuery(ADD)
            .bind("site", spec.gateway().siteId())
            .bind("gateway", spec.gateway().id())
            .bind("device", spec.deviceId())
            .bind("key", spec.key())
            .bind("category", spec.category())
            .bind("title_zh", spec.title().zh())
            .bind("title_en", spec.title().en())
            .bind("cause_zh", spec.cause().zh())
            .bind("cause_en", spec.cause().en())
            .bind("advice_zh", spec.advice().zh())
            .bind("advice_en", spec.advice().en())
            .bind("priority", spec.priority().name().toLowerCase(Locale.ROOT))
            .bind("latched", spec.latched())
            .bind("point", spec.point())
            .bind("value", spec.value())
            .bind("unit", spec.unit())
            .bind("occurrence", spec.occurrence())
            .bind("at", utc(spec.at()))
            .mapTo(Long.class)
            .one();
    history(handle, id, spec.at(), spec.gateway().code(), "raised", spec.value());
    return id;
  }

  private static void history(
      Handle handle, long id, Instant at, String who, String what, @Nullable String note) {
    handle
        .createUpdate(HISTORY)
        .bind("alarm", id)
        .bind("at", utc(at))
        .bind("who", who)
        .bind("what", what)
        .bind("note", note)
        .execute();
  }

  private static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
