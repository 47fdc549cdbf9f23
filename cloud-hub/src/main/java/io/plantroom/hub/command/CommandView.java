package io.plantroom.hub.command;

import io.plantroom.profile.LocalText;
import io.plantroom.profile.Point;
import io.plantroom.profile.Profile;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.wire.CommandReason;
import io.plantroom.wire.Event;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * A command as the API shows it.
 *
 * @param problem why it is not done
 * @param shown what the device showed when it was read back
 */
record CommandView(
    String id,
    String siteId,
    String equipmentId,
    LocalText equipmentName,
    String gateway,
    String point,
    LocalText pointTitle,
    @Nullable String unit,
    String value,
    String reason,
    String author,
    Instant askedAt,
    Instant expiresAt,
    String state,
    @Nullable Instant acceptedAt,
    @Nullable Instant endedAt,
    @Nullable Problem problem,
    @Nullable String shown) {

  /** A reason in both languages, and what the protocol said. */
  record Problem(String key, LocalText text, @Nullable String detail) {}

  static final String SELECT =
      """
      SELECT c.*, d.name_zh, d.name_en, d.profile, g.code, g.site_id
        FROM field_command c JOIN device d ON d.id = c.device_id JOIN gateway g ON g.id = c.gateway_id
       WHERE g.listed AND\s""";

  static List<CommandView> list(Query query, ProfileCatalog profiles) {
    return query.map((rs, ctx) -> of(rs, profiles)).list();
  }

  static List<CommandView> find(Handle handle, List<String> ids, ProfileCatalog profiles) {
    return list(
        handle
            .createQuery(SELECT + "c.id = ANY (CAST(:ids AS uuid[]))")
            .bindArray("ids", String.class, ids.toArray()),
        profiles);
  }

  private static CommandView of(ResultSet rs, ProfileCatalog profiles) throws SQLException {
    String name = rs.getString("point");
    Optional<Profile> profile =
        Optional.ofNullable(rs.getString("profile")).flatMap(profiles::find);
    Optional<Point> point = profile.flatMap(p -> p.point(name));
    return new CommandView(
        rs.getString("id"),
        rs.getString("site_id"),
        rs.getString("device_id"),
        new LocalText(rs.getString("name_zh"), rs.getString("name_en")),
        rs.getString("code"),
        name,
        point.map(Point::title).orElse(new LocalText(name, name)),
        point.map(Point::unit).orElse(null),
        rs.getString("value"),
        rs.getString("reason"),
        rs.getString("author"),
        rs.getTimestamp("asked_at").toInstant(),
        rs.getTimestamp("expires_at").toInstant(),
        rs.getString("state"),
        instant(rs.getTimestamp("accepted_at")),
        instant(rs.getTimestamp("ended_at")),
        problem(rs.getString("problem"), rs.getString("detail")),
        rs.getString("shown"));
  }

  private static @Nullable Instant instant(@Nullable Timestamp at) {
    return at == null ? null : at.toInstant();
  }

  private static @Nullable Problem problem(@Nullable String key, @Nullable String detail) {
    return key == null ? null : new Problem(key, text(key), detail);
  }

  /** A newer agent may have reasons that this hub does not know. */
  private static LocalText text(String key) {
    Event.LocalName known = CommandReason.of(key).map(CommandReason::text).orElse(null);
    return known == null ? new LocalText(key, key) : new LocalText(known.zh(), known.en());
  }
}
