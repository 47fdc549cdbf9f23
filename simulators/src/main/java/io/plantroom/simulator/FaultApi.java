package io.plantroom.simulator;

import io.plantroom.simulator.device.PlayedDevice;
import io.plantroom.simulator.device.Write;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The switchboard of faults, and the history of the billing counters. It asks nobody for a
 * password, so it never listens anywhere but on loopback.
 */
final class FaultApi {
  private static final String HOST = "127.0.0.1";
  private static final long LONGEST_SECONDS = 30L * 24 * 3600;

  private final SimulatedBuilding building;
  private @Nullable HttpServer server;

  private FaultApi(SimulatedBuilding building) {
    this.building = building;
  }

  static FaultApi listen(Vertx vertx, int port, SimulatedBuilding building) throws IOException {
    FaultApi api = new FaultApi(building);
    try {
      api.server =
          Servers.await(
              vertx.createHttpServer().requestHandler(api.router(vertx)).listen(port, HOST));
    } catch (IOException e) {
      throw new IOException("API port " + port + ": cannot listen: " + e.getMessage(), e);
    }
    return api;
  }

  int port() {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return server.actualPort();
  }

  private Router router(Vertx vertx) {
    Router router = Router.router(vertx);
    router.route().handler(BodyHandler.create(false).setBodyLimit(4096));
    router.get("/devices").handler(this::devices);
    router.get("/registers").handler(this::registers);
    router.get("/devices/:key/writes").handler(this::writes);
    router.put("/devices/:key/faults/:fault").handler(this::on);
    router.delete("/devices/:key/faults/:fault").handler(this::off);
    router.delete("/faults").handler(this::allOff);
    router.route().failureHandler(FaultApi::failed);
    router.errorHandler(404, c -> error(c, 404, "nothing here: " + c.request().path()));
    router.errorHandler(
        405, c -> error(c, 405, c.request().method() + " is not for " + c.request().path()));
    return router;
  }

  private void devices(RoutingContext context) {
    JsonArray all = new JsonArray();
    for (PlayedDevice device : building.devices()) {
      all.add(
          new JsonObject()
              .put("key", device.key())
              .put("profile", device.profile().profile())
              .put("endpoint", building.endpoint(device.key()).toString())
              .put("faults", new JsonArray(device.faults()))
              .put("on", new JsonArray(device.shown())));
    }
    json(context, all.toBuffer());
  }

  private void registers(RoutingContext context) {
    Instant at = instant(context.queryParams().get("at"));
    JsonArray all = new JsonArray();
    for (PlayedDevice device : building.devices()) {
      for (Map.Entry<String, BigDecimal> r : device.registers(at).entrySet()) {
        all.add(
            new JsonObject()
                .put("device", device.key())
                .put("point", r.getKey())
                .put("value", r.getValue().toPlainString()));
      }
    }
    json(context, all.toBuffer());
  }

  /** What was set from outside since the start, so that a test can count. */
  private void writes(RoutingContext context) {
    JsonArray all = new JsonArray();
    for (Write w : building.device(context.pathParam("key")).writes()) {
      all.add(
          new JsonObject()
              .put("at", w.at().toString())
              .put("point", w.point())
              .put("value", w.value().toPlainString()));
    }
    json(context, all.toBuffer());
  }

  private void on(RoutingContext context) {
    PlayedDevice device = building.device(context.pathParam("key"));
    device.show(context.pathParam("fault"), duration(context.body().buffer()));
    context.response().setStatusCode(204).end();
  }

  private void off(RoutingContext context) {
    building.device(context.pathParam("key")).clear(context.pathParam("fault"));
    context.response().setStatusCode(204).end();
  }

  private void allOff(RoutingContext context) {
    building.devices().forEach(d -> d.shown().forEach(d::clear));
    context.response().setStatusCode(204).end();
  }

  private static Instant instant(@Nullable String text) {
    if (text == null) {
      throw new IllegalArgumentException("needs ?at=<instant>, such as 2026-10-01T00:00:00Z");
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "at must be an instant such as 2026-10-01T00:00:00Z, got \"" + text + "\"", e);
    }
  }

  private static @Nullable Duration duration(@Nullable Buffer body) {
    if (body == null || body.length() == 0) {
      return null;
    }
    try {
      JsonObject fields = new JsonObject(body);
      if (fields.isEmpty()) {
        return null;
      }
      if (fields.size() == 1
          && fields.getValue("seconds") instanceof Integer seconds
          && seconds > 0
          && seconds <= LONGEST_SECONDS) {
        return Duration.ofSeconds(seconds);
      }
    } catch (DecodeException e) {
      // Told below, in the words for every other body that does not fit.
    }
    throw new IllegalArgumentException(
        "the body may be empty or {\"seconds\": N} with N from 1 to " + LONGEST_SECONDS);
  }

  private static void failed(RoutingContext context) {
    Throwable failure = context.failure();
    if (failure instanceof NoSuchElementException) {
      error(context, 404, failure.getMessage());
    } else if (failure instanceof IllegalArgumentException) {
      error(context, 400, failure.getMessage());
    } else if (failure == null) {
      error(context, context.statusCode(), "refused");
    } else {
      error(context, 500, failure.toString());
    }
  }

  private static void json(RoutingContext context, Buffer body) {
    context.response().putHeader("content-type", "application/json").end(body);
  }

  private static void error(RoutingContext context, int status, @Nullable String text) {
    context.response().setStatusCode(status);
    json(context, new JsonObject().put("error", text).toBuffer());
  }
}
