package io.plantroom.hub.command;

import io.plantroom.hub.Feature;
import io.plantroom.hub.access.Audit;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.ingest.AfterCommit;
import io.plantroom.hub.ingest.Downlink;
import io.plantroom.hub.ingest.EventListener;
import io.plantroom.hub.ingest.GatewayRef;
import io.plantroom.hub.live.LiveFeed;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.steps.Steps;
import io.plantroom.wire.Command;
import io.plantroom.wire.CommandReason;
import io.plantroom.wire.Event;
import io.plantroom.wire.Event.CommandOutcome;
import io.plantroom.wire.JsonWire;
import io.plantroom.wire.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings commands to their gateways, again and again until one has answered or its time is over,
 * and hears what became of them. A gateway that has not answered by then is asked for a day, by the
 * same command with a time long over: it can only be answered, never be written. Each sending is
 * claimed in the database, so that of several hubs one does it; a copy that still comes twice is
 * recognised by the gateway.
 */
public final class CommandCourier implements Feature, EventListener {
  private static final Logger LOGGER = LoggerFactory.getLogger(CommandCourier.class);

  /** So long a gateway may take to answer after the time of a command is over. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration AGAIN = Duration.ofSeconds(5);
  private static final String CLAIM =
      """
      UPDATE field_command c SET sent_at = :now
        FROM (SELECT o.seq FROM field_command o
               WHERE o.state = 'sent' AND o.expires_at > :now
                 AND (o.sent_at IS NULL OR o.sent_at <= :before)
               FOR UPDATE SKIP LOCKED) due, device d, gateway g
       WHERE c.seq = due.seq AND d.id = c.device_id AND g.id = c.gateway_id
      RETURNING c.id, c.point, c.value, c.expires_at, c.author, d.key, g.code""";
  private static final Duration ASK_AGAIN = Duration.ofMinutes(1);
  private static final Duration ASKED_FOR = Duration.ofDays(1);
  private static final String ASK =
      """
      UPDATE field_command c SET sent_at = :now
        FROM (SELECT o.seq FROM field_command o
               WHERE o.answered_at IS NULL AND o.expires_at <= :now AND o.expires_at > :oldest
                 AND (o.sent_at IS NULL
                      OR o.sent_at <= CASE WHEN o.ended_at IS NULL THEN :before ELSE :longBefore END)
               FOR UPDATE SKIP LOCKED) due, device d, gateway g
       WHERE c.seq = due.seq AND d.id = c.device_id AND g.id = c.gateway_id
      RETURNING c.id, c.point, c.value, TIMESTAMPTZ 'epoch' AS expires_at, c.author, d.key, g.code""";
  private static final String GIVE_UP =
      """
      UPDATE field_command SET state = 'unknown', problem = :problem, ended_at = :now
       WHERE state IN ('sent', 'accepted') AND expires_at < :before
      RETURNING id""";
  private static final String ACCEPTED =
      """
      UPDATE field_command SET state = 'accepted', accepted_at = :at
       WHERE id = :id AND gateway_id = :gateway AND state = 'sent'""";
  private static final String ENDED =
      """
      UPDATE field_command SET state = :state, problem = :problem, detail = :detail,
             shown = :shown, answered_at = :now, ended_at = :at
       WHERE id = :id AND gateway_id = :gateway AND answered_at IS NULL""";

  private final Database database;
  private final Downlink downlink;
  private final LiveFeed live;
  private final InstantSource clock;
  private final Steps steps =
      new Steps(
          "command-courier",
          e ->
              LOGGER
                  .atWarn()
                  .addKeyValue("error", e.getMessage())
                  .log("commands not sent this time"));

  public CommandCourier(
      Database database,
      ProfileCatalog profiles,
      Downlink downlink,
      LiveFeed live,
      InstantSource clock) {
    this.database = database;
    this.downlink = downlink;
    this.live = live;
    this.clock = clock;
    live.source(
        "command",
        ids ->
            database.jdbi().withHandle(h -> CommandView.find(h, ids, profiles)).stream()
                .map(c -> new LiveFeed.Item(c.siteId(), "command", c))
                .toList());
  }

  @Override
  public void start() {
    steps.every(Duration.ofSeconds(1), this::carry);
  }

  @Override
  public void stop() {
    steps.end(Duration.ofSeconds(5));
  }

  @Override
  public void on(Handle handle, GatewayRef gateway, Event event, AfterCommit after) {
    if (event instanceof Event.CommandResult result) {
      boolean news =
          result.outcome() == CommandOutcome.ACCEPTED
              ? accepted(handle, gateway, result)
              : ended(handle, gateway, result);
      if (news) {
        after.run(() -> live.changed("command", result.id().toString()));
      }
    }
  }

  private boolean accepted(Handle handle, GatewayRef gateway, Event.CommandResult result) {
    return handle
            .createUpdate(ACCEPTED)
            .bind("id", result.id())
            .bind("gateway", gateway.id())
            .bind("at", utc(clock.instant()))
            .execute()
        == 1;
  }

  /** The first word of the gateway counts; it may be a repetition. */
  private boolean ended(Handle handle, GatewayRef gateway, Event.CommandResult result) {
    String state = result.outcome().name().toLowerCase(Locale.ROOT);
    boolean news =
        handle
                .createUpdate(ENDED)
                .bind("id", result.id())
                .bind("gateway", gateway.id())
                .bind("state", state)
                .bind("problem", result.reason())
                .bind("detail", result.detail())
                .bind("shown", result.value())
                .bind("now", utc(clock.instant()))
                .bind("at", utc(result.clockTrusted() ? result.at() : clock.instant()))
                .execute()
            == 1;
    if (news) {
      String what = result.device() + "/" + result.point() + ": " + state;
      Audit.add(
          handle,
          "gateway " + gateway.code(),
          "command-answered",
          result.id().toString(),
          what
              + (result.reason() == null ? "" : " (" + result.reason() + ")")
              + (result.value() == null ? "" : ", reads " + result.value()),
          "");
    }
    return news;
  }

  /** Something was asked for just now: it need not wait for the next round. */
  void hurry(String id) {
    live.changed("command", id);
    steps.now(this::carry);
  }

  private void carry() {
    Instant now = clock.instant();
    send(now);
    List<String> given = new ArrayList<>();
    database
        .jdbi()
        .useTransaction(
            h ->
                given.addAll(
                    h.createQuery(GIVE_UP)
                        .bind("problem", CommandReason.NO_ANSWER.key())
                        .bind("now", utc(now))
                        .bind("before", utc(now.minus(PATIENCE)))
                        .mapTo(String.class)
                        .list()));
    given.forEach(id -> live.changed("command", id));
  }

  private record Due(String gateway, Command command) {}

  private void send(Instant now) {
    List<Due> due =
        database
            .jdbi()
            .inTransaction(
                h -> {
                  List<Due> all = new ArrayList<>(claimed(h.createQuery(CLAIM), now));
                  Query ask =
                      h.createQuery(ASK)
                          .bind("oldest", utc(now.minus(ASKED_FOR)))
                          .bind("longBefore", utc(now.minus(ASK_AGAIN)));
                  all.addAll(claimed(ask, now));
                  return all;
                });
    for (Due d : due) {
      Duration left = Duration.between(now, d.command().expires());
      downlink.publish(
          Topics.commands(d.gateway()),
          JsonWire.encode(d.command()),
          left.isNegative() ? AGAIN : left);
    }
  }

  private static List<Due> claimed(Query query, Instant now) {
    return query
        .bind("now", utc(now))
        .bind("before", utc(now.minus(AGAIN)))
        .map(
            (rs, ctx) ->
                new Due(
                    rs.getString("code"),
                    new Command(
                        rs.getObject("id", UUID.class),
                        rs.getString("key"),
                        rs.getString("point"),
                        rs.getString("value"),
                        rs.getTimestamp("expires_at").toInstant(),
                        rs.getString("author"))))
        .list();
  }

  static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
