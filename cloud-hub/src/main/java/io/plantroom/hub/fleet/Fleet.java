package io.plantroom.hub.fleet;

import io.plantroom.hub.Feature;
import io.plantroom.hub.alarm.AlarmService;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.ingest.AfterCommit;
import io.plantroom.hub.ingest.EventListener;
import io.plantroom.hub.ingest.GatewayRef;
import io.plantroom.hub.ingest.StatusListener;
import io.plantroom.hub.live.LiveFeed;
import io.plantroom.steps.Steps;
import io.plantroom.wire.Event;
import io.plantroom.wire.GatewayStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which gateways are there. A gateway is gone when its will says so or when it has been silent for
 * {@link #SILENCE}.
 */
public final class Fleet implements Feature, EventListener, StatusListener {
  /** Silence after which a gateway counts as gone; it speaks every few seconds. */
  public static final Duration SILENCE = Duration.ofSeconds(30);

  /** After a start a gateway needs a while to learn the time; that is no alarm. */
  static final Duration CLOCK_MAY_TAKE = Duration.ofMinutes(2);

  private static final Logger LOGGER = LoggerFactory.getLogger(Fleet.class);
  private static final String FIND =
      """
      SELECT id, code, site_id FROM gateway WHERE code = :code AND listed FOR UPDATE""";
  private static final String STATUS =
      """
      UPDATE gateway SET online = true, last_seen = :now, version = :version,
          clock_trusted = :trusted,
          clock_untrusted_since = CASE WHEN :trusted THEN NULL
                                       ELSE coalesce(clock_untrusted_since, :now) END,
          backlog_events = :events, backlog_telemetry = :telemetry,
          devices_total = :total, devices_online = :devices
       WHERE id = :id
      RETURNING clock_untrusted_since""";
  private static final String GONE =
      """
      UPDATE gateway SET online = false WHERE id = :id AND online IS DISTINCT FROM false""";
  private static final String SILENT =
      """
      SELECT id, code, site_id FROM gateway
       WHERE online AND listed AND last_seen < :limit FOR UPDATE SKIP LOCKED""";
  private static final String LINK =
      """
      UPDATE device SET online = :online, link_at = :at
       WHERE id = :id AND (link_at IS NULL OR link_at <= :at)""";

  private final Database database;
  private final Inventory inventory;
  private final AlarmService alarms;
  private final LiveFeed live;
  private final InstantSource clock;
  private final Steps steps =
      new Steps(
          "gateway-watch",
          e ->
              LOGGER
                  .atWarn()
                  .addKeyValue("error", e.getMessage())
                  .log("gateways not watched this time"));

  public Fleet(
      Database database,
      Inventory inventory,
      AlarmService alarms,
      LiveFeed live,
      InstantSource clock) {
    this.database = database;
    this.inventory = inventory;
    this.alarms = alarms;
    this.live = live;
    this.clock = clock;
    live.source("gateway", this::find);
  }

  @Override
  public void start() {
    steps.every(Duration.ofSeconds(5), this::watch);
  }

  @Override
  public void stop() {
    steps.end(Duration.ofSeconds(5));
  }

  @Override
  public void on(Handle handle, GatewayRef gateway, Event event, AfterCommit after) {
    if (event instanceof Event.Inventory list) {
      inventory.apply(handle, gateway, list, after);
      after.run(() -> show(gateway.code()));
    } else if (event instanceof Event.LinkChange link) {
      handle
          .createUpdate(LINK)
          .bind("id", Devices.of(handle, gateway.id(), link.device()).id())
          .bind("online", link.online())
          .bind("at", OffsetDateTime.ofInstant(link.at(), ZoneOffset.UTC))
          .execute();
    }
  }

  @Override
  public void onStatus(String code, GatewayStatus status) {
    List<Runnable> after = new ArrayList<>();
    boolean known =
        database
            .jdbi()
            .inTransaction(
                h -> {
                  Optional<GatewayRef> gateway = find(h, code);
                  gateway.ifPresent(g -> status(h, g, status, after::add));
                  return gateway.isPresent();
                });
    if (known) {
      after.forEach(Runnable::run);
      show(code);
    }
  }

  /** Looks for gateways that have fallen silent. */
  void watch() {
    Instant now = clock.instant();
    List<Runnable> after = new ArrayList<>();
    database
        .jdbi()
        .useTransaction(
            h -> {
              for (GatewayRef g :
                  h.createQuery(SILENT)
                      .bind("limit", utc(now.minus(SILENCE)))
                      .map((rs, ctx) -> ref(rs))
                      .list()) {
                gone(h, g, after::add);
              }
            });
    after.forEach(Runnable::run);
  }

  private void status(Handle handle, GatewayRef g, GatewayStatus status, AfterCommit after) {
    if (!status.online()) {
      gone(handle, g, after);
      return;
    }
    Optional<Instant> untrusted =
        handle
            .createQuery(STATUS)
            .bind("id", g.id())
            .bind("now", utc(clock.instant()))
            .bind("version", status.version())
            .bind("trusted", status.clockTrusted())
            .bind("events", status.backlogEvents())
            .bind("telemetry", status.backlogTelemetry())
            .bind("total", status.devicesTotal())
            .bind("devices", status.devicesOnline())
            .map(
                (rs, ctx) ->
                    Optional.ofNullable(rs.getTimestamp("clock_untrusted_since"))
                        .map(java.sql.Timestamp::toInstant))
            .one();
    if (untrusted.isEmpty()) {
      alarms.clockGood(handle, g, clock.instant(), after);
    } else if (!untrusted.get().plus(CLOCK_MAY_TAKE).isAfter(clock.instant())) {
      alarms.clockBad(handle, g, clock.instant(), after);
    }
    alarms.gatewayBack(handle, g, clock.instant(), after);
  }

  private void gone(Handle handle, GatewayRef g, AfterCommit after) {
    if (handle.createUpdate(GONE).bind("id", g.id()).execute() == 1) {
      alarms.gatewayGone(handle, g, clock.instant(), after);
      after.run(
          () -> {
            LOGGER.atWarn().addKeyValue("gateway", g.code()).log("gateway offline");
            show(g.code());
          });
    }
  }

  private void show(String code) {
    live.changed("gateway", code);
  }

  private List<LiveFeed.Item> find(List<String> codes) {
    return database.jdbi().withHandle(h -> GatewayView.find(h, codes, clock.instant())).stream()
        .map(g -> new LiveFeed.Item(g.siteId(), "gateway", g))
        .toList();
  }

  private static Optional<GatewayRef> find(Handle handle, String code) {
    return handle.createQuery(FIND).bind("code", code).map((rs, ctx) -> ref(rs)).findOne();
  }

  private static GatewayRef ref(java.sql.ResultSet rs) throws java.sql.SQLException {
    return new GatewayRef(rs.getInt("id"), rs.getString("code"), rs.getString("site_id"));
  }

  private static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
