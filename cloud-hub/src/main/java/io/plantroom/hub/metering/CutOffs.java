package io.plantroom.hub.metering;

import io.plantroom.hub.Feature;
import io.plantroom.hub.config.HubConfig;
import io.plantroom.hub.database.Database;
import io.plantroom.steps.Steps;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all meters of a site as of one instant: each month by itself, or when somebody asks. The
 * reading is the last good sample at or before the instant, at most an hour old. Data that arrives
 * later and says it better makes a new version; a reading by hand is never replaced.
 */
public final class CutOffs implements Feature {
  private static final Logger LOGGER = LoggerFactory.getLogger(CutOffs.class);
  private static final Duration TOLERANCE = Duration.ofHours(1);

  /** Time for the last samples before the instant to arrive. */
  private static final Duration SETTLE = Duration.ofMinutes(2);

  private static final Duration CORRECTED_FOR = Duration.ofDays(35);
  private static final String SITES =
      """
      SELECT id, time_zone FROM org_node WHERE kind = 'site'""";
  private static final String CLAIM =
      """
      INSERT INTO cut_off (site_id, at, origin) VALUES (:site, :at, :origin) ON CONFLICT DO NOTHING""";
  private static final String RECENT =
      """
      SELECT at FROM cut_off WHERE site_id = :site AND at > :since AND at <= :until ORDER BY at""";
  private static final String REGISTERS =
      """
      SELECT m.id, s.ts, s.value, s.clock_trusted
        FROM meter_register m JOIN device d ON d.id = m.device_id JOIN gateway g ON g.id = d.gateway_id
        LEFT JOIN point p ON p.device_id = m.device_id AND p.name = m.point_name
        LEFT JOIN LATERAL (
          SELECT ts, value, clock_trusted FROM register_sample
           WHERE point_id = p.id AND ts <= :at AND ts > :earliest AND quality = 0
             AND value IS NOT NULL
           ORDER BY ts DESC LIMIT 1) s ON true
       WHERE g.site_id = :site AND m.active AND (d.present OR s.ts IS NOT NULL)
         AND (:evenNew OR m.created_at <= :at)
         AND (NOT :onlyBetter OR EXISTS (
           SELECT 1 FROM (SELECT r.source, r.measured_at, r.value FROM reading r
                           WHERE r.register_id = m.id AND r.at = :at
                           ORDER BY r.version DESC LIMIT 1) r
            WHERE r.source = 'automatic' AND s.ts IS NOT NULL
              AND (r.measured_at IS DISTINCT FROM s.ts OR r.value IS DISTINCT FROM s.value)))
       ORDER BY m.id""";

  private final Database database;
  private final HubConfig.CutOff config;
  private final InstantSource clock;
  private final Steps steps =
      new Steps(
          "cut-off",
          e ->
              LOGGER
                  .atWarn()
                  .addKeyValue("error", e.getMessage())
                  .log("readings not looked at this time"));

  public CutOffs(Database database, HubConfig.CutOff config, InstantSource clock) {
    this.database = database;
    this.config = config;
    this.clock = clock;
  }

  /** How many registers have a reading, and how many could not be read. */
  public record Result(int taken, int missing) {}

  private record Found(
      int register, @Nullable Instant ts, @Nullable BigDecimal value, boolean clockTrusted) {}

  private record Site(String id, ZoneId zone) {}

  @Override
  public void start() {
    steps.later(this::run, Duration.ofSeconds(5));
    steps.every(Duration.ofMinutes(1), this::run);
  }

  @Override
  public void stop() {
    steps.end(Duration.ofSeconds(5));
  }

  /** Takes what is due and corrects what has become better known. Several hubs may run it. */
  void run() {
    for (Site site : sites()) {
      monthly(site);
      correct(site);
    }
  }

  /** Takes the readings of a site as of an instant that is not in the future. */
  Result take(Handle handle, String site, Instant at, String author) {
    ReadingBook.lock(handle);
    handle
        .createUpdate(CLAIM)
        .bind("site", site)
        .bind("at", ReadingBook.utc(at))
        .bind("origin", author)
        .execute();
    return write(handle, site, at, author, true);
  }

  private void monthly(Site site) {
    Instant at = lastCutOff(site.zone());
    if (at.plus(SETTLE).isAfter(clock.instant())) {
      return;
    }
    database
        .jdbi()
        .useTransaction(
            h -> {
              ReadingBook.lock(h);
              int claimed =
                  h.createUpdate(CLAIM)
                      .bind("site", site.id())
                      .bind("at", ReadingBook.utc(at))
                      .bind("origin", "hub")
                      .execute();
              if (claimed == 1) {
                Result result = write(h, site.id(), at, "hub", false);
                LOGGER
                    .atInfo()
                    .addKeyValue("site", site.id())
                    .addKeyValue("cut-off", at)
                    .addKeyValue("taken", result.taken())
                    .addKeyValue("missing", result.missing())
                    .log("readings of the month taken");
              }
            });
  }

  /** A backlog may bring samples nearer to the instant long after it. */
  private void correct(Site site) {
    Instant now = clock.instant();
    database
        .jdbi()
        .useTransaction(
            h -> {
              List<Instant> recent =
                  h.createQuery(RECENT)
                      .bind("site", site.id())
                      .bind("since", ReadingBook.utc(now.minus(CORRECTED_FOR)))
                      .bind("until", ReadingBook.utc(now))
                      .map((rs, ctx) -> rs.getTimestamp("at").toInstant())
                      .list();
              if (!recent.isEmpty()) {
                ReadingBook.lock(h);
                for (Instant at : recent) {
                  correct(h, site.id(), at);
                }
              }
            });
  }

  private static void correct(Handle handle, String site, Instant at) {
    for (Found f : registers(handle, site, at, true, true)) {
      Optional<ReadingBook.Standing> standing = ReadingBook.standing(handle, f.register(), at);
      ReadingBook.Entry better = entry(f, at, "hub", "later data / 补传数据");
      boolean hand = standing.map(s -> s.source().equals("manual")).orElse(true);
      if (!hand && f.ts() != null && !standing.get().says(better)) {
        ReadingBook.add(handle, better);
      }
    }
  }

  private static Result write(
      Handle handle, String site, Instant at, String author, boolean evenNew) {
    int taken = 0;
    int missing = 0;
    for (Found f : registers(handle, site, at, evenNew, false)) {
      ReadingBook.Entry entry = entry(f, at, author, null);
      Optional<ReadingBook.Standing> standing = ReadingBook.standing(handle, f.register(), at);
      boolean keep = standing.map(s -> s.source().equals("manual") || s.says(entry)).orElse(false);
      if (!keep) {
        ReadingBook.add(handle, entry);
      }
      if (keep ? standing.get().value() == null : entry.value() == null) {
        missing++;
      } else {
        taken++;
      }
    }
    return new Result(taken, missing);
  }

  private static ReadingBook.Entry entry(
      Found f, Instant at, String author, @Nullable String reason) {
    if (f.ts() == null) {
      return new ReadingBook.Entry(
          f.register(),
          at,
          null,
          null,
          "automatic",
          "missing",
          author,
          "no good sample within an hour before the cut-off / 抄表时刻前一小时内无有效数据");
    }
    if (!f.clockTrusted()) {
      return new ReadingBook.Entry(
          f.register(),
          at,
          f.ts(),
          f.value(),
          "automatic",
          "estimated",
          author,
          "the clock of the gateway was not synchronised / 网关时钟未同步");
    }
    return new ReadingBook.Entry(
        f.register(), at, f.ts(), f.value(), "automatic", "valid", author, reason);
  }

  private static List<Found> registers(
      Handle handle, String site, Instant at, boolean evenNew, boolean onlyBetter) {
    return handle
        .createQuery(REGISTERS)
        .bind("site", site)
        .bind("at", ReadingBook.utc(at))
        .bind("earliest", ReadingBook.utc(at.minus(TOLERANCE)))
        .bind("evenNew", evenNew)
        .bind("onlyBetter", onlyBetter)
        .map(
            (rs, ctx) ->
                new Found(
                    rs.getInt("id"),
                    rs.getTimestamp("ts") == null ? null : rs.getTimestamp("ts").toInstant(),
                    rs.getBigDecimal("value"),
                    rs.getBoolean("clock_trusted")))
        .list();
  }

  private List<Site> sites() {
    return database
        .jdbi()
        .withHandle(
            h ->
                h.createQuery(SITES)
                    .map(
                        (rs, ctx) ->
                            new Site(rs.getString("id"), ZoneId.of(rs.getString("time_zone"))))
                    .list());
  }

  private Instant lastCutOff(ZoneId zone) {
    ZonedDateTime now = clock.instant().atZone(zone);
    LocalDateTime thisMonth =
        now.toLocalDate().withDayOfMonth(config.dayOfMonth()).atTime(config.localTime());
    ZonedDateTime at = thisMonth.atZone(zone);
    return (at.isAfter(now) ? thisMonth.minusMonths(1).atZone(zone) : at).toInstant();
  }
}
