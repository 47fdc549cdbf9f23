package io.plantroom.edge.health;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.plantroom.edge.command.FieldCommands;
import io.plantroom.edge.config.EdgeConfig.Management;
import io.plantroom.edge.desired.DesiredDevices;
import io.plantroom.edge.outbox.Outbox;
import io.plantroom.edge.outbox.RecordClass;
import io.plantroom.edge.poll.DeviceStatus;
import io.plantroom.edge.poll.LinkState;
import io.plantroom.edge.uplink.LaneCounters;
import io.plantroom.telemetry.Lane;
import io.plantroom.wire.GatewayStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Health, metrics and status over HTTP, on loopback unless told otherwise.
 *
 * <ul>
 *   <li>{@code /health}: 200 UP or DEGRADED with what is wrong, 503 DOWN when the agent cannot do
 *       its work. A hub out of reach is DEGRADED: keeping data meanwhile is the agent's work
 *   <li>{@code /metrics}: Prometheus
 *   <li>{@code /status}: gateway, lanes and devices in detail
 * </ul>
 */
public final class ManagementServer {
  private final AgentView agent;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  private final Metrics metrics;

  private ManagementServer(AgentView agent) {
    this.agent = agent;
    metrics = Metrics.bind(registry, agent);
  }

  /** A server that listens when the future completes; its port is {@code actualPort()}. */
  public static Future<HttpServer> start(Vertx vertx, AgentView agent, Management where) {
    ManagementServer server = new ManagementServer(agent);
    Router router = Router.router(vertx);
    router
        // The outbox may make a caller wait for the disk, so not on the event loop.
        .get("/health")
        .blockingHandler(
            context -> {
              JsonObject health = server.health();
              boolean down = "DOWN".equals(health.getString("status"));
              context.response().setStatusCode(down ? 503 : 200);
              context.json(health);
            });
    router.get("/status").blockingHandler(context -> context.json(server.status()));
    router
        .get("/metrics")
        .blockingHandler(
            context -> {
              server.metrics.refresh();
              context
                  .response()
                  .putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8")
                  .end(server.registry.scrape());
            });
    return vertx
        .createHttpServer()
        .requestHandler(router)
        .listen(where.portOrFree(), where.hostOrLoopback());
  }

  /** Says why the agent cannot do its work yet, until it is closed. */
  public static Future<HttpServer> startDown(Vertx vertx, String reason, Management where) {
    JsonObject health =
        new JsonObject().put("status", "DOWN").put("wrong", new JsonArray().add(reason));
    Router router = Router.router(vertx);
    router
        .get("/health")
        .handler(
            context -> {
              context.response().setStatusCode(503);
              context.json(health);
            });
    return vertx
        .createHttpServer()
        .requestHandler(router)
        .listen(where.portOrFree(), where.hostOrLoopback());
  }

  private JsonObject health() {
    List<DeviceStatus> devices = agent.devices();
    long silent = devices.stream().filter(d -> !d.online()).count();
    JsonArray wrong = new JsonArray();
    String uplink = agent.uplinkDown();
    if (uplink != null) {
      wrong.add("uplink: " + uplink);
    }
    String warning = agent.uplinkWarning();
    if (warning != null && !warning.equals(uplink)) {
      wrong.add("uplink: " + warning);
    }
    for (RecordClass type : RecordClass.values()) {
      LaneCounters counters = agent.counters(type);
      if (counters != null && counters.isRefused()) {
        wrong.add("hub refuses the " + name(type) + " of this gateway");
      }
      if (agent.outbox(type).lost() > 0) {
        wrong.add(agent.outbox(type).lost() + " records of " + name(type) + " are lost");
      }
    }
    String full =
        Stream.of(RecordClass.values())
            .filter(type -> !agent.outbox(type).takes())
            .map(ManagementServer::name)
            .collect(Collectors.joining(", "));
    if (!full.isEmpty()) {
      wrong.add("disk full: no " + full + " are taken before there is room again");
    }
    if (silent > 0) {
      wrong.add(silent + " of " + devices.size() + " devices do not answer");
    }
    long late = devices.stream().filter(DeviceStatus::late).count();
    if (late > 0) {
      wrong.add(late + " of " + devices.size() + " devices take longer than their period");
    }
    agent.problems().forEach(p -> wrong.add("left out: " + p));
    return new JsonObject()
        .put("status", wrong.isEmpty() ? "UP" : "DEGRADED")
        .put("wrong", wrong)
        .put("uplink", uplink == null ? "up" : "down")
        .put(
            "devices",
            new JsonObject()
                .put("total", devices.size())
                .put("silent", silent)
                .put("late", late)
                .put("overruns", devices.stream().mapToLong(DeviceStatus::overruns).sum()))
        .put("backlog", backlog());
  }

  private JsonObject backlog() {
    JsonObject lanes = new JsonObject();
    for (Lane lane : Lane.values()) {
      lanes.put(name(lane), sum(lane, Outbox::backlog));
    }
    return lanes;
  }

  private JsonObject status() {
    GatewayStatus gateway = agent.gateway();
    JsonObject lanes = new JsonObject();
    for (Lane lane : Lane.values()) {
      lanes.put(name(lane), lane(lane));
    }
    JsonObject queues = new JsonObject();
    for (RecordClass type : RecordClass.values()) {
      queues.put(name(type), queue(type));
    }
    JsonArray devices = new JsonArray();
    agent.devices().forEach(d -> devices.add(device(d)));
    return new JsonObject()
        .put("version", gateway.version())
        .put("at", gateway.at().toString())
        .put("clockTrusted", gateway.clockTrusted())
        .put("uplinkDown", agent.uplinkDown())
        .put("alarmsRaised", agent.alarmsRaised())
        .put("samplesRead", agent.samplesRead())
        .put("samplesTold", agent.samplesTold())
        .put("lanes", lanes)
        .put("queues", queues)
        .put("devices", devices)
        .put("desired", desired())
        .put("commands", commands(agent.commands()))
        .put("problems", new JsonArray(agent.problems()));
  }

  /** How many were taken over and how they ended, since the start. */
  public static JsonObject commands(FieldCommands.Standing standing) {
    JsonObject json =
        new JsonObject().put("allowed", standing.anythingAllowed()).put("open", standing.open());
    standing.ended().forEach((outcome, n) -> json.put(name(outcome), n));
    return json;
  }

  private JsonObject desired() {
    DesiredDevices.Standing s = agent.desired();
    return new JsonObject()
        .put("running", s.running())
        .put("trying", s.trying())
        .put("outcome", s.outcome() == null ? null : name(s.outcome()))
        .put("problems", new JsonArray(s.problems()));
  }

  /** The sum of the lane's queues. */
  private JsonObject lane(Lane lane) {
    return new JsonObject()
        .put("last", sum(lane, Outbox::lastSequence))
        .put("released", sum(lane, Outbox::released))
        .put("backlog", sum(lane, Outbox::backlog))
        .put("lost", sum(lane, Outbox::lost));
  }

  private long sum(Lane lane, ToLongFunction<Outbox<?>> figure) {
    long sum = 0;
    for (RecordClass type : RecordClass.values()) {
      sum += type.lane() == lane ? figure.applyAsLong(agent.outbox(type)) : 0;
    }
    return sum;
  }

  private JsonObject queue(RecordClass type) {
    Outbox<?> outbox = agent.outbox(type);
    JsonObject json =
        new JsonObject()
            .put("lane", name(type.lane()))
            .put("epoch", Long.toString(outbox.epoch()))
            .put("last", outbox.lastSequence())
            .put("released", outbox.released())
            .put("backlog", outbox.backlog())
            .put("lost", outbox.lost());
    LaneCounters c = agent.counters(type);
    return c == null
        ? json
        : json.put("frames", c.frames())
            .put("records", c.records())
            .put("receipts", c.receipts())
            .put("ignoredReceipts", c.ignoredReceipts())
            .put("rewinds", c.rewinds())
            .put("refused", c.isRefused());
  }

  private static JsonObject device(DeviceStatus d) {
    JsonObject json =
        new JsonObject()
            .put("key", d.device().key())
            .put("profile", d.device().profile().profile())
            .put("endpoint", d.device().describe().endpoint())
            .put("online", d.online())
            .put("polls", d.polls())
            .put("misses", d.misses())
            .put("overruns", d.overruns())
            .put("late", d.late())
            .put("lastAnswer", d.lastAnswer() == null ? null : d.lastAnswer().toString());
    return d.link() instanceof LinkState.Offline off
        ? json.put("since", off.since().toString())
            .put("reason", off.reason().en())
            .put("reasonZh", off.reason().zh())
        : json;
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
