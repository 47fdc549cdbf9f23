package io.plantroom.hub.maintenance;

import io.plantroom.profile.LocalText;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A work order as the API shows it. */
public record WorkOrderView(
    String id,
    String number,
    String siteId,
    LocalText siteName,
    String equipmentId,
    LocalText equipmentName,
    String kind,
    LocalText title,
    String priority,
    String state,
    @Nullable String alarmId,
    @Nullable Plan plan,
    Instant openedAt,
    @Nullable Instant startedAt,
    @Nullable String startedBy,
    @Nullable Instant completedAt,
    @Nullable String completedBy,
    @Nullable String cause,
    @Nullable String note) {

  /** Why a preventive order fell due; exact numbers in the unit of the counter. */
  public record Plan(String key, String counter, String threshold, String reading) {}

  static final String SELECT =
      """
      SELECT w.*, s.name_zh AS site_zh, s.name_en AS site_en, d.name_zh AS device_zh,
             d.name_en AS device_en
        FROM work_order w JOIN org_node s ON s.id = w.site_id JOIN device d ON d.id = w.device_id
       WHERE\s""";

  static WorkOrderView of(ResultSet rs) throws SQLException {
    String counter = rs.getString("plan_counter");
    return new WorkOrderView(
        rs.getString("id"),
        rs.getString("number"),
        rs.getString("site_id"),
        new LocalText(rs.getString("site_zh"), rs.getString("site_en")),
        rs.getString("device_id"),
        new LocalText(rs.getString("device_zh"), rs.getString("device_en")),
        rs.getString("kind"),
        new LocalText(rs.getString("title_zh"), rs.getString("title_en")),
        rs.getString("priority"),
        rs.getString("state"),
        rs.getString("alarm_id"),
        counter == null
            ? null
            : new Plan(
                rs.getString("rule"),
                counter,
                plain(rs.getBigDecimal("plan_threshold")),
                plain(rs.getBigDecimal("plan_reading"))),
        rs.getTimestamp("opened_at").toInstant(),
        instant(rs, "started_at"),
        rs.getString("started_by"),
        instant(rs, "completed_at"),
        rs.getString("completed_by"),
        rs.getString("cause"),
        rs.getString("note"));
  }

  private static String plain(@Nullable BigDecimal value) {
    return value == null ? "" : value.toPlainString();
  }

  private static @Nullable Instant instant(ResultSet rs, String name) throws SQLException {
    Timestamp t = rs.getTimestamp(name);
    return t == null ? null : t.toInstant();
  }
}
