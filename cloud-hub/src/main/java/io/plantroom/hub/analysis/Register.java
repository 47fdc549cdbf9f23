package io.plantroom.hub.analysis;

import io.plantroom.profile.LocalText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * A register of a meter of a site.
 *
 * @param counts whether it is the whole of what came in, so that it may be added to others: not a
 *     tariff register, not what was fed back
 */
record Register(
    int id,
    int deviceId,
    String device,
    LocalText name,
    String medium,
    String obis,
    String unit,
    Counter counter,
    boolean counts) {
  private static final Pattern OBIS =
      Pattern.compile("\\d+-\\d+:(\\d+)\\.(\\d+)\\.(\\d+)(\\*\\d+)?");
  private static final String SELECT =
      """
      SELECT m.id, m.device_id, d.key, d.name_zh, d.name_en, m.medium, m.obis, m.unit, m.digits,
             m.decimals, p.id AS point_id, p.silence_seconds
        FROM meter_register m JOIN device d ON d.id = m.device_id JOIN gateway g ON g.id = d.gateway_id
        JOIN point p ON p.device_id = m.device_id AND p.name = m.point_name
       WHERE g.site_id = :site AND (CAST(:medium AS text) IS NULL OR m.medium = ANY (:media))
         AND (CAST(:equipment AS int) IS NULL OR m.device_id = :equipment)
       ORDER BY d.name_zh, d.id, m.obis""";

  /** A counter point, whether or not anybody is billed by it. */
  record Counter(
      int pointId,
      @Nullable Integer digits,
      @Nullable Integer decimals,
      @Nullable Integer silenceSeconds) {}

  /** Registers of a site, of some media or all, of one equipment or all. */
  static List<Register> of(
      Handle handle, String site, List<String> media, @Nullable Integer equipment) {
    return handle
        .createQuery(SELECT)
        .bind("site", site)
        .bind("medium", media.isEmpty() ? null : media.get(0))
        .bindArray("media", String.class, media.toArray())
        .bind("equipment", equipment)
        .map((rs, ctx) -> of(rs))
        .list();
  }

  private static Register of(ResultSet rs) throws SQLException {
    String medium = rs.getString("medium");
    String obis = rs.getString("obis");
    return new Register(
        rs.getInt("id"),
        rs.getInt("device_id"),
        rs.getString("key"),
        new LocalText(rs.getString("name_zh"), rs.getString("name_en")),
        medium,
        obis,
        rs.getString("unit"),
        new Counter(
            rs.getInt("point_id"),
            rs.getObject("digits", Integer.class),
            rs.getObject("decimals", Integer.class),
            rs.getObject("silence_seconds", Integer.class)),
        counts(medium, obis));
  }

  static boolean counts(String medium, String obis) {
    Matcher m = OBIS.matcher(obis);
    if (!m.matches() || Integer.parseInt(m.group(3)) != 0) {
      return false;
    }
    int what = Integer.parseInt(m.group(1));
    return switch (medium) {
      case "electricity" -> what == 1 && m.group(2).equals("8");
      case "gas" -> what == 1 || what == 3;
      default -> what == 1;
    };
  }
}
