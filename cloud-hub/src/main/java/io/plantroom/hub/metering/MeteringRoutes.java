package io.plantroom.hub.metering;

import io.plantroom.hub.access.Audit;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.http.ApiException;
import io.plantroom.hub.http.Call;
import io.plantroom.hub.http.Routes;
import io.plantroom.hub.telemetry.LatestValues;
import io.plantroom.profile.LocalText;
import io.plantroom.telemetry.Quality;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Meters, their readings, and the pull by billing systems. */
public final class MeteringRoutes {
  private static final String METERS =
      """
      SELECT m.id, m.device_id, d.key, m.point_name, m.obis, m.unit, m.medium, m.digits, m.decimals, g.site_id,
             d.name_zh, d.name_en, l.register, l.ts, l.quality
        FROM meter_register m JOIN device d ON d.id = m.device_id JOIN gateway g ON g.id = d.gateway_id
        LEFT JOIN point p ON p.device_id = m.device_id AND p.name = m.point_name
        LEFT JOIN point_latest l ON l.point_id = p.id
       WHERE d.present AND m.active AND g."""
          + Call.VISIBLE
          + """
           AND (CAST(:site AS text) IS NULL OR g.site_id = :site)
         ORDER BY g.site_id, d.name_zh, d.id, m.obis""";
  private static final String PULL =
      ReadingView.SELECT
          + "r."
          + Call.VISIBLE
          + """
           AND r.id > :after AND (CAST(:site AS text) IS NULL OR r.site_id = :site)
         ORDER BY r.id LIMIT :limit""";
  private static final String ONE = ReadingView.SELECT + "r.id = :id";
  private static final String REGISTER_VISIBLE =
      """
      SELECT EXISTS (SELECT 1 FROM meter_register m JOIN device d ON d.id = m.device_id
        JOIN gateway g ON g.id = d.gateway_id WHERE m.id = :register AND g."""
          + Call.VISIBLE
          + ")";
  private static final String SITE_VISIBLE =
      """
      SELECT EXISTS (SELECT 1 FROM allowed_sites(:account, :roles) s WHERE s = :site)""";

  private final Database database;
  private final CutOffs cutOffs;
  private final InstantSource clock;

  public MeteringRoutes(Database database, CutOffs cutOffs, InstantSource clock) {
    this.database = database;
    this.cutOffs = cutOffs;
    this.clock = clock;
  }

  record Meter(
      String id,
      String equipmentId,
      String siteId,
      String device,
      LocalText name,
      String medium,
      List<Register> registers) {}

  record Register(
      String id,
      String point,
      String obis,
      String unit,
      @Nullable Integer digits,
      @Nullable Integer decimals,
      @Nullable Latest latest) {}

  record Latest(@Nullable String value, Instant at, String quality) {}

  record CutOffRequest(String site, String at) {}

  record Manual(String registerId, String at, String value, String reason) {}

  record Page(List<ReadingView> items, String cursor, boolean more) {}

  public void addTo(Routes routes) {
    routes
        .on("meters", this::meters)
        .on("takeReadings", this::take)
        .on("addReading", this::add)
        .on("readings", this::pull);
  }

  private List<Meter> meters(Call call) {
    Map<String, Meter> meters = new LinkedHashMap<>();
    database
        .jdbi()
        .useHandle(
            h ->
                call.visible(h.createQuery(METERS))
                    .bind("site", call.query("site"))
                    .map((rs, ctx) -> meter(rs))
                    .forEach(
                        m ->
                            meters
                                .computeIfAbsent(
                                    m.id(),
                                    id ->
                                        new Meter(
                                            id,
                                            id,
                                            m.siteId(),
                                            m.device(),
                                            m.name(),
                                            m.medium(),
                                            new ArrayList<>()))
                                .registers()
                                .addAll(m.registers())));
    return List.copyOf(meters.values());
  }

  private static Meter meter(ResultSet rs) throws SQLException {
    String id = rs.getString("device_id");
    BigDecimal value = rs.getBigDecimal("register");
    Latest latest =
        rs.getTimestamp("ts") == null
            ? null
            : new Latest(
                value == null ? null : value.toPlainString(),
                rs.getTimestamp("ts").toInstant(),
                LatestValues.quality(Quality.of(rs.getInt("quality"))));
    return new Meter(
        id,
        id,
        rs.getString("site_id"),
        rs.getString("key"),
        new LocalText(rs.getString("name_zh"), rs.getString("name_en")),
        rs.getString("medium"),
        List.of(
            new Register(
                rs.getString("id"),
                rs.getString("point_name"),
                rs.getString("obis"),
                rs.getString("unit"),
                rs.getObject("digits", Integer.class),
                rs.getObject("decimals", Integer.class),
                latest)));
  }

  private CutOffs.Result take(Call call) {
    CutOffRequest request = call.body(CutOffRequest.class);
    Instant at = past(Call.time("at", request.at()));
    return database
        .jdbi()
        .inTransaction(
            h -> {
              boolean mine =
                  call.visible(h.createQuery(SITE_VISIBLE))
                      .bind("site", request.site())
                      .mapTo(Boolean.class)
                      .one();
              if (!mine) {
                throw ApiException.notFound("site", "该项目", "This site");
              }
              CutOffs.Result result = cutOffs.take(h, request.site(), at, call.caller().name());
              Audit.add(
                  h,
                  call.caller().name(),
                  "take-readings",
                  request.site(),
                  at.toString(),
                  call.remote());
              return result;
            });
  }

  private ReadingView add(Call call) {
    Manual manual = call.body(Manual.class);
    Instant at = past(Call.time("at", manual.at()));
    int register = Integer.parseInt(manual.registerId());
    return database
        .jdbi()
        .inTransaction(
            h -> {
              boolean mine =
                  call.visible(h.createQuery(REGISTER_VISIBLE))
                      .bind("register", register)
                      .mapTo(Boolean.class)
                      .one();
              if (!mine) {
                throw ApiException.notFound("register", "该表计读数", "This register");
              }
              ReadingBook.lock(h);
              String who = call.caller().name();
              long id =
                  ReadingBook.add(
                      h,
                      new ReadingBook.Entry(
                          register,
                          at,
                          at,
                          new BigDecimal(manual.value()),
                          "manual",
                          "valid",
                          who,
                          manual.reason()));
              Audit.add(
                  h,
                  who,
                  "add-reading",
                  manual.registerId(),
                  manual.value() + " at " + at + ": " + manual.reason(),
                  call.remote());
              return one(h, id);
            });
  }

  private Page pull(Call call) {
    int limit = call.query("limit", 200);
    long after = cursor(call.query("after"));
    List<ReadingView> found =
        database
            .jdbi()
            .withHandle(
                h ->
                    call.visible(h.createQuery(PULL))
                        .bind("after", after)
                        .bind("site", call.query("site"))
                        .bind("limit", limit + 1)
                        .map((rs, ctx) -> ReadingView.of(rs))
                        .list());
    boolean more = found.size() > limit;
    List<ReadingView> page = more ? found.subList(0, limit) : found;
    long last = page.isEmpty() ? after : Long.parseLong(page.get(page.size() - 1).id());
    String cursor =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(("r1:" + last).getBytes(StandardCharsets.UTF_8));
    return new Page(page, cursor, more);
  }

  private static long cursor(@Nullable String text) {
    if (text == null) {
      return 0;
    }
    try {
      String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
      if (plain.startsWith("r1:")) {
        return Long.parseLong(plain.substring(3));
      }
    } catch (IllegalArgumentException e) {
      // Told below, like any other text that is no cursor.
    }
    throw ApiException.badRequest(
        "after", "请使用上次返回的 cursor", "use the cursor of the answer before");
  }

  private Instant past(Instant at) {
    if (at.isAfter(clock.instant())) {
      throw ApiException.badRequest("at", "不能是将来的时间", "must not be in the future");
    }
    return at;
  }

  private static ReadingView one(Handle handle, long id) {
    return handle.createQuery(ONE).bind("id", id).map((rs, ctx) -> ReadingView.of(rs)).one();
  }
}
