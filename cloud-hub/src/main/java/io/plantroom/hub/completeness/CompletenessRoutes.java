package io.plantroom.hub.completeness;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.http.ApiException;
import io.plantroom.hub.http.Call;
import io.plantroom.hub.http.Routes;
import io.plantroom.profile.LocalText;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.telemetry.Lane;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The gap ledger: per point and day what was expected, what came, what is missing and why. */
public final class CompletenessRoutes {
  private static final int MOST_DAYS = 31;
  private static final String GATEWAY =
      """
      SELECT g.id, s.time_zone FROM gateway g JOIN org_node s ON s.id = g.site_id
       WHERE g.listed AND g.id = :id AND g."""
          + Call.VISIBLE;
  private static final String POINT =
      """
      SELECT g.id, s.time_zone FROM point p JOIN device d ON d.id = p.device_id
        JOIN gateway g ON g.id = d.gateway_id JOIN org_node s ON s.id = g.site_id
       WHERE p.id = :id AND g."""
          + Call.VISIBLE;

  /** One point of each of some other devices: enough to tell whether the gateway was at work. */
  private static final String WITNESSES =
      """
      SELECT min(p.id) FROM point p JOIN device d ON d.id = p.device_id
        JOIN point_latest l ON l.point_id = p.id
       WHERE d.gateway_id = :gateway AND d.present GROUP BY d.id ORDER BY d.id LIMIT 10""";

  private static final String LOST =
      """
      SELECT lane, epoch, from_seq, to_seq, reason, detail, oldest, newest, seen_at
        FROM ingest_gap WHERE gateway_id = :gateway
         AND coalesce(oldest, seen_at) < :to AND coalesce(newest, seen_at) >= :from
      UNION ALL
      SELECT lane, epoch, from_seq, to_seq, reason, detail, oldest, newest, told_at
        FROM record_loss l WHERE gateway_id = :gateway
         AND coalesce(oldest, at) < :to AND coalesce(newest, at) >= :from
         AND NOT EXISTS (SELECT 1 FROM ingest_gap i WHERE i.gateway_id = l.gateway_id
              AND i.lane = l.lane AND i.epoch = l.epoch
              AND i.from_seq <= l.to_seq AND i.to_seq >= l.from_seq)
       ORDER BY 9, 3 LIMIT 500""";

  private final Database database;
  private final ProfileCatalog profiles;
  private final InstantSource clock;

  public CompletenessRoutes(Database database, ProfileCatalog profiles, InstantSource clock) {
    this.database = database;
    this.profiles = profiles;
    this.clock = clock;
  }

  private record Place(int gateway, ZoneId zone) {}

  record PointCount(
      String pointId,
      String equipmentId,
      LocalText equipmentName,
      LocalText title,
      @JsonUnwrapped Ledger.Count count) {}

  /** Records that the hub does not have, as sequences. */
  record Lost(
      String lane,
      String epoch,
      long from,
      long to,
      String reason,
      @Nullable String detail,
      @Nullable Instant oldest,
      @Nullable Instant newest,
      Instant seenAt) {}

  record GatewayDay(
      String gatewayId,
      LocalDate day,
      String timeZone,
      long slotSeconds,
      @JsonUnwrapped Ledger.Count total,
      List<PointCount> points,
      List<Ledger.Hole> holes,
      List<Lost> lost) {}

  record Day(LocalDate day, @JsonUnwrapped Ledger.Count count, List<Ledger.Hole> holes) {}

  record PointDays(String pointId, String timeZone, long slotSeconds, List<Day> days) {}

  public void addTo(Routes routes) {
    routes.on("gatewayGaps", this::gatewayDay).on("pointCompleteness", this::pointDays);
  }

  private GatewayDay gatewayDay(Call call) {
    long id = call.id("gateway", "该网关", "This gateway");
    return database
        .jdbi()
        .withHandle(
            h -> {
              Place place = place(h, call, GATEWAY, id, "gateway", "该网关", "This gateway");
              LocalDate day = day(call.query("day"), "day", place.zone());
              Span span = span(day, place.zone());
              List<Known> points = points(h, "d.gateway_id = :id", place.gateway());
              Ledger.Result result = Ledger.of(h, place.gateway(), points, List.of(), span);
              List<PointCount> counts = new ArrayList<>();
              for (Known p : points) {
                Ledger.Count count = Objects.requireNonNull(result.counts().get(p.id()));
                if (count.expected() > 0) {
                  counts.add(
                      new PointCount(
                          String.valueOf(p.id()),
                          String.valueOf(p.deviceId()),
                          p.device(),
                          p.title(),
                          count));
                }
              }
              return new GatewayDay(
                  String.valueOf(id),
                  day,
                  place.zone().getId(),
                  Span.SLOT.toSeconds(),
                  result.total(),
                  counts,
                  result.holes(),
                  lost(h, place.gateway(), span));
            });
  }

  private PointDays pointDays(Call call) {
    long id = call.id("point", "该点位", "This point");
    return database
        .jdbi()
        .withHandle(
            h -> {
              Place place = place(h, call, POINT, id, "point", "该点位", "This point");
              LocalDate to = day(call.query("to"), "to", place.zone());
              LocalDate from =
                  call.query("from") == null
                      ? to.minusDays(6)
                      : day(call.query("from"), "from", place.zone());
              if (from.isAfter(to) || from.plusDays(MOST_DAYS).isBefore(to)) {
                throw ApiException.badRequest(
                    "from", "必须不晚于 to，且最多 31 天", "must not be after to, and 31 days at most");
              }
              List<Known> points = points(h, "p.id = :id", id);
              List<Integer> witnesses =
                  h.createQuery(WITNESSES)
                      .bind("gateway", place.gateway())
                      .mapTo(Integer.class)
                      .list();
              List<Day> days = new ArrayList<>();
              for (LocalDate day = from; !day.isAfter(to); day = day.plusDays(1)) {
                Span span = span(day, place.zone());
                Ledger.Result result = Ledger.of(h, place.gateway(), points, witnesses, span);
                days.add(new Day(day, result.total(), result.holes()));
              }
              return new PointDays(
                  String.valueOf(id), place.zone().getId(), Span.SLOT.toSeconds(), days);
            });
  }

  private Span span(LocalDate day, ZoneId zone) {
    return Span.of(
        day.atStartOfDay(zone).toInstant(),
        day.plusDays(1).atStartOfDay(zone).toInstant(),
        clock.instant());
  }

  private List<Known> points(Handle handle, String condition, long id) {
    return handle
        .createQuery(Known.SELECT + condition + " ORDER BY p.device_id, p.id")
        .bind("id", id)
        .map((rs, ctx) -> Known.of(rs, profiles))
        .list();
  }

  private static List<Lost> lost(Handle handle, int gateway, Span span) {
    return handle
        .createQuery(LOST)
        .bind("gateway", gateway)
        .bind("from", Causes.utc(span.from()))
        .bind("to", Causes.utc(span.to().plus(Span.SLOT)))
        .map((rs, ctx) -> lost(rs))
        .list();
  }

  private static Lost lost(ResultSet rs) throws SQLException {
    return new Lost(
        Lane.of(rs.getInt("lane")).name().toLowerCase(Locale.ROOT),
        rs.getString("epoch"),
        rs.getLong("from_seq"),
        rs.getLong("to_seq"),
        rs.getString("reason"),
        rs.getString("detail"),
        instant(rs.getTimestamp("oldest")),
        instant(rs.getTimestamp("newest")),
        rs.getTimestamp("seen_at").toInstant());
  }

  private static @Nullable Instant instant(@Nullable Timestamp at) {
    return at == null ? null : at.toInstant();
  }

  private static Place place(
      Handle handle, Call call, String sql, long id, String what, String zh, String en) {
    return call.visible(handle.createQuery(sql))
        .bind("id", id)
        .map((rs, ctx) -> new Place(rs.getInt("id"), ZoneId.of(rs.getString("time_zone"))))
        .findOne()
        .orElseThrow(() -> ApiException.notFound(what, zh, en));
  }

  private LocalDate day(@Nullable String text, String field, ZoneId zone) {
    try {
      return text == null ? LocalDate.ofInstant(clock.instant(), zone) : LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw ApiException.badRequest(
          field, "应为日期，例如 2026-11-01", "expected a day such as 2026-11-01");
    }
  }
}
