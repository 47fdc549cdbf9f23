package io.plantroom.hub.alarm;

import io.plantroom.profile.LocalText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An alarm as the API shows it. */
public record AlarmView(
    String id,
    String siteId,
    LocalText siteName,
    String gateway,
    @Nullable String equipmentId,
    LocalText equipmentName,
    String category,
    @Nullable String pointId,
    String key,
    LocalText title,
    LocalText cause,
    LocalText advice,
    String priority,
    String state,
    boolean latched,
    Instant raisedAt,
    @Nullable Instant clearedAt,
    @Nullable Instant acknowledgedAt,
    @Nullable String acknowledgedBy,
    @Nullable String note,
    @Nullable String value,
    @Nullable String unit,
    int occurrences,
    @Nullable String workOrderId) {

  /** All of it; conditions are appended with the alias {@code a}. */
  static final String SELECT =
      """
      SELECT a.*, s.name_zh AS site_zh, s.name_en AS site_en, g.code,
             coalesce(d.name_zh, g.name_zh) AS equipment_zh,
             coalesce(d.name_en, g.name_en) AS equipment_en,
             (SELECT max(w.id) FROM work_order w WHERE w.alarm_id = a.id) AS work_order_id
        FROM alarm a JOIN org_node s ON s.id = a.site_id JOIN gateway g ON g.id = a.gateway_id
        LEFT JOIN device d ON d.id = a.device_id
       WHERE\s""";

  static AlarmView of(ResultSet rs) throws SQLException {
    boolean cleared = rs.getTimestamp("cleared_at") != null;
    boolean acknowledged = rs.getTimestamp("acknowledged_at") != null;
    return new AlarmView(
        rs.getString("id"),
        rs.getString("site_id"),
        text(rs, "site"),
        rs.getString("code"),
        rs.getString("device_id"),
        text(rs, "equipment"),
        rs.getString("category"),
        rs.getString("point_id"),
        rs.getString("key"),
        text(rs, "title"),
        text(rs, "cause"),
        text(rs, "advice"),
        rs.getString("priority"),
        (cleared ? "cleared" : "active") + (acknowledged ? "-acknowledged" : "-unacknowledged"),
        rs.getBoolean("latched"),
        rs.getTimestamp("raised_at").toInstant(),
        instant(rs, "cleared_at"),
        instant(rs, "acknowledged_at"),
        rs.getString("acknowledged_by"),
        rs.getString("note"),
        rs.getString("value"),
        rs.getString("unit"),
        rs.getInt("occurrences"),
        rs.getString("work_order_id"));
  }

  private static LocalText text(ResultSet rs, String name) throws SQLException {
    return new LocalText(rs.getString(name + "_zh"), rs.getString(name + "_en"));
  }

  private static @Nullable Instant instant(ResultSet rs, String name) throws SQLException {
    Timestamp t = rs.getTimestamp(name);
    return t == null ? null : t.toInstant();
  }
}
