package io.plantroom.hub.metering;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The readings accepted for billing. Ids are given in the order of commits, one writer at a time,
 * so nothing ever appears behind a cursor that was already handed out. Within the caller's
 * transaction.
 */
final class ReadingBook {
  private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtext('reading'))";
  private static final String LAST =
      """
      SELECT version, measured_at, value, source, status FROM reading
       WHERE register_id = :register AND at = :at ORDER BY version DESC LIMIT 1""";
  private static final String ADD =
      """
      INSERT INTO reading (id, register_id, version, site_id, at, measured_at, value, source, status,
                           author, reason, serial)
      SELECT greatest((SELECT coalesce(max(id), 0) FROM reading),
                      (SELECT coalesce(max(reading_floor), 0) FROM restored)) + 1, m.id, :version, g.site_id, :at,
             CAST(:measured AS timestamptz), CAST(:value AS numeric), :source, :status, :author,
             :reason, d.serial
        FROM meter_register m JOIN device d ON d.id = m.device_id JOIN gateway g ON g.id = d.gateway_id
       WHERE m.id = :register
      RETURNING id""";

  private ReadingBook() {}

  /** What is to be accepted. */
  record Entry(
      int registerId,
      Instant at,
      @Nullable Instant measuredAt,
      @Nullable BigDecimal value,
      String source,
      String status,
      String author,
      @Nullable String reason) {}

  /** The newest version of a reading. */
  record Standing(
      int version,
      @Nullable Instant measuredAt,
      @Nullable BigDecimal value,
      String source,
      String status) {
    boolean says(Entry e) {
      return status.equals(e.status())
          && (value == null ? e.value() == null : e.value() != null && same(value, e.value()))
          && (measuredAt == null ? e.measuredAt() == null : measuredAt.equals(e.measuredAt()));
    }

    private static boolean same(BigDecimal a, BigDecimal b) {
      return a.compareTo(b) == 0;
    }
  }

  /** Must come before anything is looked up that decides what to write. */
  static void lock(Handle handle) {
    handle.execute(LOCK);
  }

  static Optional<Standing> standing(Handle handle, int register, Instant at) {
    return handle
        .createQuery(LAST)
        .bind("register", register)
        .bind("at", utc(at))
        .map(
            (rs, ctx) ->
                new Standing(
                    rs.getInt("version"),
                    rs.getTimestamp("measured_at") == null
                        ? null
                        : rs.getTimestamp("measured_at").toInstant(),
                    rs.getBigDecimal("value"),
                    rs.getString("source"),
                    rs.getString("status")))
        .findOne();
  }

  /** Adds the next version and returns its id. */
  static long add(Handle handle, Entry e) {
    int version = standing(handle, e.registerId(), e.at()).map(Standing::version).orElse(0) + 1;
    return handle
        .createQuery(ADD)
        .bind("register", e.registerId())
        .bind("version", version)
        .bind("at", utc(e.at()))
        .bind("measured", e.measuredAt() == null ? null : utc(e.measuredAt()))
        .bind("value", e.value())
        .bind("source", e.source())
        .bind("status", e.status())
        .bind("author", e.author())
        .bind("reason", e.reason())
        .mapTo(Long.class)
        .one();
  }

  static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
