package io.plantroom.hub.management;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.plantroom.hub.Feature;
import io.plantroom.hub.config.HubConfig;
import io.plantroom.hub.http.Json;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Health and metrics, for machines, on a port that is not for the world. */
public final class ManagementServer implements Feature {
  private static final Logger LOGGER = LoggerFactory.getLogger(ManagementServer.class);

  private final Vertx vertx;
  private final HubConfig.Management config;
  private final PrometheusMeterRegistry registry;
  private final Map<String, Supplier<Check>> checks;
  private @Nullable HttpServer server;

  /**
   * @param checks by name; each may block and must answer within seconds
   */
  public ManagementServer(
      Vertx vertx,
      HubConfig.Management config,
      PrometheusMeterRegistry registry,
      Map<String, Supplier<Check>> checks) {
    this.vertx = vertx;
    this.config = config;
    this.registry = registry;
    this.checks = new LinkedHashMap<>(checks);
  }

  /** How one part is. */
  public record Check(boolean up, String detail) {}

  record Health(boolean up, Map<String, Check> checks) {}

  @Override
  public void start() throws Exception {
    server =
        vertx
            .createHttpServer(new HttpServerOptions().setHost(config.host()).setPort(config.port()))
            .requestHandler(this::handle)
            .listen()
            .await(30, TimeUnit.SECONDS);
  }

  @Override
  public void stop() {
    try {
      if (server != null) {
        server.close().await(5, TimeUnit.SECONDS);
      }
    } catch (Exception e) {
      LOGGER.atWarn().setCause(e).log("management port not closed cleanly");
    }
  }

  public int port() {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return server.actualPort();
  }

  private void handle(HttpServerRequest request) {
    switch (request.path()) {
      case "/health" ->
          vertx
              .executeBlocking(this::health, false)
              .onSuccess(
                  h ->
                      request
                          .response()
                          .setStatusCode(h.up() ? 200 : 503)
                          .putHeader("Content-Type", "application/json")
                          .end(Json.write(h)))
              .onFailure(e -> request.response().setStatusCode(503).end());
      case "/metrics" ->
          request
              .response()
              .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
              .end(registry.scrape());
      default -> request.response().setStatusCode(404).end();
    }
  }

  private Health health() {
    Map<String, Check> answers = new LinkedHashMap<>();
    checks.forEach(
        (name, check) -> {
          try {
            answers.put(name, check.get());
          } catch (RuntimeException e) {
            answers.put(name, new Check(false, String.valueOf(e.getMessage())));
          }
        });
    return new Health(answers.values().stream().allMatch(Check::up), answers);
  }
}
