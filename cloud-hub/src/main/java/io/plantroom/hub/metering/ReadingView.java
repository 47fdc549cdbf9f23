package io.plantroom.hub.metering;

import io.plantroom.profile.LocalText;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A reading as the API shows it; its value is exact. */
record ReadingView(
    String id,
    int version,
    String meterId,
    String registerId,
    LocalText meterName,
    String siteId,
    String device,
    @Nullable String serial,
    String medium,
    String obis,
    String unit,
    Instant at,
    @Nullable Instant measuredAt,
    @Nullable String value,
    String source,
    String status,
    String author,
    @Nullable String reason,
    Instant acceptedAt) {

  static final String SELECT =
      """
      SELECT r.*, m.device_id, m.medium, m.obis, m.unit, d.key, d.name_zh, d.name_en
        FROM reading r JOIN meter_register m ON m.id = r.register_id
        JOIN device d ON d.id = m.device_id
       WHERE\s""";

  static ReadingView of(ResultSet rs) throws SQLException {
    BigDecimal value = rs.getBigDecimal("value");
    Timestamp measured = rs.getTimestamp("measured_at");
    return new ReadingView(
        rs.getString("id"),
        rs.getInt("version"),
        rs.getString("device_id"),
        rs.getString("register_id"),
        new LocalText(rs.getString("name_zh"), rs.getString("name_en")),
        rs.getString("site_id"),
        rs.getString("key"),
        rs.getString("serial"),
        rs.getString("medium"),
        rs.getString("obis"),
        rs.getString("unit"),
        rs.getTimestamp("at").toInstant(),
        measured == null ? null : measured.toInstant(),
        value == null ? null : value.toPlainString(),
        rs.getString("source"),
        rs.getString("status"),
        rs.getString("author"),
        rs.getString("reason"),
        rs.getTimestamp("accepted_at").toInstant());
  }
}
