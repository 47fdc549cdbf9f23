package io.plantroom.hub.telemetry;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.http.ApiException;
import io.plantroom.hub.http.Call;
import io.plantroom.hub.http.Routes;
import io.plantroom.profile.Point;
import io.plantroom.profile.PointKind;
import io.plantroom.profile.ProfileCatalog;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A point over time, in buckets that the database makes: a chart never gets a million rows. */
public final class SeriesRoutes {
  private static final Duration LONGEST = Duration.ofDays(400);
  private static final int BUCKETS = 300;
  private static final String POINT =
      """
      SELECT p.id, p.name, p.kind, d.profile
        FROM point p JOIN device d ON d.id = p.device_id JOIN gateway g ON g.id = d.gateway_id
       WHERE p.id = :id AND g."""
          + Call.VISIBLE;
  private static final String SERIES =
      """
      SELECT date_bin(:seconds * interval '1 second', ts, :from) AS at,
             min(v) AS min, max(v) AS max, avg(v) AS avg,
             (array_agg(v ORDER BY ts DESC) FILTER (WHERE v IS NOT NULL))[1] AS last,
             count(v) AS count, count(*) FILTER (WHERE quality = 2) AS bad
        FROM (SELECT ts, quality, CASE WHEN quality < 2 THEN %s END AS v FROM %s
               WHERE point_id = :point AND ts >= :from AND ts < :to) samples
       GROUP BY 1 ORDER BY 1""";

  private final Database database;
  private final ProfileCatalog profiles;
  private final InstantSource clock;

  public SeriesRoutes(Database database, ProfileCatalog profiles, InstantSource clock) {
    this.database = database;
    this.profiles = profiles;
    this.clock = clock;
  }

  record Series(
      String pointId,
      @Nullable String unit,
      Instant from,
      Instant to,
      long bucketSeconds,
      List<Bucket> rows) {}

  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Bucket(
      Instant at,
      @Nullable Double min,
      @Nullable Double max,
      @Nullable Double avg,
      @Nullable Double last,
      long count,
      long bad) {}

  private record Known(int id, String name, PointKind kind, @Nullable String profile) {}

  public void addTo(Routes routes) {
    routes.on("series", this::series);
  }

  private Series series(Call call) {
    Known point = point(call);
    Instant asked = call.time("to");
    Instant to = asked == null ? clock.instant() : asked;
    Instant since = call.time("from");
    Instant from = since == null ? to.minus(Duration.ofDays(1)) : since;
    if (!from.isBefore(to)) {
      throw ApiException.badRequest("from", "必须早于 to", "must be before to");
    }
    if (Duration.between(from, to).compareTo(LONGEST) > 0) {
      throw ApiException.badRequest("from", "时间跨度最多 400 天", "the span may be 400 days at most");
    }
    int buckets = call.query("buckets", BUCKETS);
    long millis = Duration.between(from, to).toMillis();
    long seconds = Math.max(1, (millis + buckets * 1000L - 1) / (buckets * 1000L));
    SampleTable table = SampleTable.of(point.kind());
    String value =
        switch (table) {
          case NUMBERS -> "value";
          case STATES -> "state::double precision";
          case REGISTERS -> "value::double precision";
        };
    List<Bucket> rows =
        database
            .jdbi()
            .withHandle(
                h ->
                    h.createQuery(SERIES.formatted(value, table.tableName()))
                        .bind("seconds", seconds)
                        .bind("point", point.id())
                        .bind("from", from.atOffset(ZoneOffset.UTC))
                        .bind("to", to.atOffset(ZoneOffset.UTC))
                        .map((rs, ctx) -> bucket(rs))
                        .list());
    String unit =
        Optional.ofNullable(point.profile())
            .flatMap(profiles::find)
            .flatMap(p -> p.point(point.name()))
            .map(Point::unit)
            .orElse(null);
    return new Series(String.valueOf(point.id()), unit, from, to, seconds, rows);
  }

  private Known point(Call call) {
    long id = call.id("point", "该点位", "This point");
    return database
        .jdbi()
        .withHandle(
            h ->
                call.visible(h.createQuery(POINT))
                    .bind("id", id)
                    .map(
                        (rs, ctx) ->
                            new Known(
                                rs.getInt("id"),
                                rs.getString("name"),
                                PointRegistry.kind(rs.getInt("kind")),
                                rs.getString("profile")))
                    .findOne())
        .orElseThrow(() -> ApiException.notFound("point", "该点位", "This point"));
  }

  private static Bucket bucket(ResultSet rs) throws SQLException {
    return new Bucket(
        rs.getTimestamp("at").toInstant(),
        number(rs, "min"),
        number(rs, "max"),
        number(rs, "avg"),
        number(rs, "last"),
        rs.getLong("count"),
        rs.getLong("bad"));
  }

  private static @Nullable Double number(ResultSet rs, String column) throws SQLException {
    double value = rs.getDouble(column);
    return rs.wasNull() ? null : (Double) value;
  }
}
