package io.plantroom.hub.completeness;

import io.plantroom.profile.LocalText;
import io.plantroom.profile.Point;
import io.plantroom.profile.ProfileCatalog;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A point that has delivered something.
 *
 * @param first from when on it is expected: its first sample, or what retention still keeps
 * @param last when its device was taken away, the time of its last sample
 * @param silence the longest one while all is well
 */
record Known(
    int id,
    int deviceId,
    LocalText device,
    LocalText title,
    Instant first,
    @Nullable Instant last,
    Duration silence) {

  /** Of agents that do not announce it. */
  private static final Duration USUAL_SILENCE = Duration.ofMinutes(5);

  /**
   * Points of devices that have delivered something, with a condition on {@code d} or {@code p}.
   */
  static final String SELECT =
      """
      SELECT p.id, p.device_id, p.name, d.profile, d.name_zh, d.name_en, d.present,
             p.silence_seconds,
             greatest(p.first_at,
                      (SELECT h.kept_from FROM retention_horizon h
                         JOIN gateway g ON g.site_id = h.site_id
                        WHERE g.id = d.gateway_id AND h.class = p.class
                          AND h.data = CASE p.kind WHEN 0 THEN 'telemetry'
                                                   WHEN 1 THEN 'register_sample'
                                                   ELSE 'telemetry_state' END)) AS first_at,
             (SELECT ts FROM point_latest WHERE point_id = p.id) AS last
        FROM point p JOIN device d ON d.id = p.device_id
       WHERE p.first_at IS NOT NULL AND\s""";

  static Known of(ResultSet rs, ProfileCatalog profiles) throws SQLException {
    String name = rs.getString("name");
    LocalText title =
        Optional.ofNullable(rs.getString("profile"))
            .flatMap(profiles::find)
            .flatMap(p -> p.point(name))
            .map(Point::title)
            .orElse(new LocalText(name, name));
    return new Known(
        rs.getInt("id"),
        rs.getInt("device_id"),
        new LocalText(rs.getString("name_zh"), rs.getString("name_en")),
        title,
        rs.getTimestamp("first_at").toInstant(),
        rs.getBoolean("present") ? null : rs.getTimestamp("last").toInstant(),
        silence(rs.getLong("silence_seconds")));
  }

  private static Duration silence(long seconds) {
    return seconds == 0 ? USUAL_SILENCE : Duration.ofSeconds(seconds);
  }

  /**
   * For how many slots more a sample speaks: a point that is heard of once an hour leaves none of
   * them out by being silent in it.
   */
  int slotsBeyond() {
    Duration twice = silence.multipliedBy(2);
    return (int) Math.max(0, twice.plus(Span.SLOT).minusNanos(1).dividedBy(Span.SLOT) - 1);
  }
}
