package io.plantroom.hub.fleet;

import io.plantroom.profile.LocalText;
import io.plantroom.telemetry.Lane;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** A gateway as the API shows it. */
public record GatewayView(
    String id,
    String code,
    String siteId,
    LocalText siteName,
    LocalText name,
    String link,
    @Nullable Instant lastSeen,
    @Nullable String version,
    @Nullable Backlog backlog,
    DeviceCount devices,
    boolean clockTrusted,
    @Nullable Configuration configuration,
    List<Mark> watermarks) {

  /**
   * Which devices the hub wants asked.
   *
   * @param state of the newest version, waiting until the gateway has answered
   * @param running version by which the gateway works, null when by its own file alone
   */
  public record Configuration(String version, String state, @Nullable String running) {}

  /** Records that the gateway still keeps. */
  public record Backlog(long events, long telemetry) {}

  /** How many devices answer. */
  public record DeviceCount(int total, int online) {}

  /** What the hub has committed of one queue; epochs are random, so they are text. */
  public record Mark(String lane, String epoch, long sequence, Instant at) {}

  static final String SELECT =
      """
      SELECT g.*, s.name_zh AS site_zh, s.name_en AS site_en,
             (SELECT count(*) FROM device d WHERE d.gateway_id = g.id AND d.present) AS listed_devices,
             c.version AS desired_version, c.state AS desired_state
        FROM gateway g JOIN org_node s ON s.id = g.site_id
        LEFT JOIN LATERAL (SELECT w.version, w.state FROM desired_configuration w
                            WHERE w.gateway_id = g.id ORDER BY w.revision DESC LIMIT 1) c ON true
       WHERE g.listed AND\s""";
  private static final String MARKS =
      """
      SELECT g.id AS gateway_id, m.lane, m.epoch, m.last_seq, m.updated_at
        FROM unnest(:gateways) g(id) CROSS JOIN LATERAL (
          SELECT * FROM ingest_watermark w WHERE w.gateway_id = g.id
           ORDER BY w.updated_at DESC LIMIT 10) m
       ORDER BY m.updated_at DESC""";

  static List<GatewayView> find(Handle handle, List<String> codes, Instant now) {
    return list(
        handle,
        handle
            .createQuery(SELECT + "g.code = ANY (:codes)")
            .bindArray("codes", String.class, codes.toArray()),
        now);
  }

  static List<GatewayView> list(Handle handle, Query query, Instant now) {
    Map<Integer, List<Mark>> marks = new HashMap<>();
    List<GatewayView> found =
        query
            .map(
                (rs, ctx) -> {
                  List<Mark> mine = new ArrayList<>();
                  marks.put(rs.getInt("id"), mine);
                  return of(rs, mine, now);
                })
            .list();
    handle
        .createQuery(MARKS)
        .bindArray("gateways", Integer.class, marks.keySet().toArray())
        .map((rs, ctx) -> Map.entry(rs.getInt("gateway_id"), mark(rs)))
        .forEach(e -> Objects.requireNonNull(marks.get(e.getKey())).add(e.getValue()));
    return found;
  }

  private static GatewayView of(ResultSet rs, List<Mark> marks, Instant now) throws SQLException {
    Timestamp seen = rs.getTimestamp("last_seen");
    long events = rs.getLong("backlog_events");
    boolean told = !rs.wasNull();
    int total = rs.getInt("devices_total");
    return new GatewayView(
        rs.getString("id"),
        rs.getString("code"),
        rs.getString("site_id"),
        new LocalText(rs.getString("site_zh"), rs.getString("site_en")),
        new LocalText(rs.getString("name_zh"), rs.getString("name_en")),
        link(seen, rs.getBoolean("online"), now),
        seen == null ? null : seen.toInstant(),
        rs.getString("version"),
        told ? new Backlog(events, rs.getLong("backlog_telemetry")) : null,
        new DeviceCount(Math.max(total, rs.getInt("listed_devices")), rs.getInt("devices_online")),
        rs.getBoolean("clock_trusted"),
        rs.getString("desired_version") == null
            ? null
            : new Configuration(
                rs.getString("desired_version"),
                rs.getString("desired_state"),
                rs.getString("running_configuration")),
        marks);
  }

  private static String link(@Nullable Timestamp seen, boolean online, Instant now) {
    if (seen == null) {
      return "never-seen";
    }
    boolean silent =
        seen.toInstant().isBefore(now.minus(Fleet.SILENCE.plus(Duration.ofSeconds(10))));
    return online && !silent ? "online" : "offline";
  }

  private static Mark mark(ResultSet rs) throws SQLException {
    return new Mark(
        Lane.of(rs.getInt("lane")).name().toLowerCase(Locale.ROOT),
        rs.getString("epoch"),
        rs.getLong("last_seq"),
        rs.getTimestamp("updated_at").toInstant());
  }
}
