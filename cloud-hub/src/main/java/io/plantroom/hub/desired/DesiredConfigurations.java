package io.plantroom.hub.desired;

import io.plantroom.hub.Feature;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.ingest.AfterCommit;
import io.plantroom.hub.ingest.Downlink;
import io.plantroom.hub.ingest.EventListener;
import io.plantroom.hub.ingest.GatewayRef;
import io.plantroom.hub.live.LiveFeed;
import io.plantroom.steps.Steps;
import io.plantroom.wire.DesiredConfiguration;
import io.plantroom.wire.Event;
import io.plantroom.wire.JsonWire;
import io.plantroom.wire.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Locale;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings to each gateway the newest configuration that is desired of it and hears what became of
 * it. The broker retains it; what no gateway has answered is published again every few seconds, and
 * all of them now and then, because a broker may lose what it retained. Several hubs may do so at
 * once: a gateway takes no notice of what it knows.
 */
public final class DesiredConfigurations implements Feature, EventListener {
  private static final Logger LOGGER = LoggerFactory.getLogger(DesiredConfigurations.class);
  private static final Duration AGAIN = Duration.ofSeconds(10);
  private static final int ALL_EVERY = 60;
  private static final String NEWEST =
      """
      SELECT g.code, d.revision, d.version, d.body FROM gateway g
        JOIN LATERAL (SELECT * FROM desired_configuration c WHERE c.gateway_id = g.id
                       ORDER BY c.revision DESC LIMIT 1) d ON true
       WHERE g.listed AND (:all OR d.state = 'waiting')""";
  private static final String REPORTED =
      """
      UPDATE desired_configuration SET state = :state, problems = :problems, reported_at = :at
       WHERE gateway_id = :gateway AND revision = :revision""";
  private static final String RUNNING =
      """
      UPDATE gateway SET running_configuration = :running WHERE id = :gateway""";

  private final Database database;
  private final Downlink downlink;
  private final LiveFeed live;
  private final InstantSource clock;
  private final Steps steps =
      new Steps(
          "desired-courier",
          e ->
              LOGGER
                  .atWarn()
                  .addKeyValue("error", e.getMessage())
                  .log("configurations not sent this time"));
  private int round;

  public DesiredConfigurations(
      Database database, Downlink downlink, LiveFeed live, InstantSource clock) {
    this.database = database;
    this.downlink = downlink;
    this.live = live;
    this.clock = clock;
  }

  @Override
  public void start() {
    steps.later(this::carry, Duration.ofSeconds(1));
    steps.every(AGAIN, this::carry);
  }

  @Override
  public void stop() {
    steps.end(Duration.ofSeconds(5));
  }

  @Override
  public void on(Handle handle, GatewayRef gateway, Event event, AfterCommit after) {
    if (event instanceof Event.ConfigurationReport report) {
      String state = report.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-');
      handle
          .createUpdate(REPORTED)
          .bind("gateway", gateway.id())
          .bind("revision", report.revision())
          .bind("state", state)
          .bindArray("problems", String.class, report.problems().toArray())
          .bind("at", clock.instant().atOffset(ZoneOffset.UTC))
          .execute();
      handle
          .createUpdate(RUNNING)
          .bind("gateway", gateway.id())
          .bind("running", report.running())
          .execute();
      after.run(
          () -> {
            LOGGER
                .atInfo()
                .addKeyValue("gateway", gateway.code())
                .addKeyValue("version", report.version())
                .addKeyValue("state", state)
                .log("configuration reported");
            live.changed("gateway", gateway.code());
          });
    }
  }

  /** Sends one that was just put; also when that fails it comes to the gateway later. */
  void send(String gateway, DesiredConfiguration desired) {
    downlink.publish(Topics.desired(gateway), JsonWire.encode(desired), true);
    live.changed("gateway", gateway);
  }

  private void carry() {
    boolean all = round++ % ALL_EVERY == 0;
    database
        .jdbi()
        .useHandle(
            h ->
                h.createQuery(NEWEST)
                    .bind("all", all)
                    .map(
                        (rs, ctx) -> {
                          DesiredConfiguration desired =
                              new DesiredConfiguration(
                                  rs.getLong("revision"),
                                  rs.getString("version"),
                                  rs.getString("body"));
                          String topic = Topics.desired(rs.getString("code"));
                          downlink.publish(topic, JsonWire.encode(desired), true);
                          return topic;
                        })
                    .list());
  }
}
