package io.plantroom.hub.http;

import io.plantroom.hub.Feature;
import io.plantroom.hub.access.Access;
import io.plantroom.hub.config.HubConfig;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.ext.web.Router;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The port of the console and the API. */
public final class ApiServer implements Feature {
  private static final Logger LOGGER = LoggerFactory.getLogger(ApiServer.class);
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"
          + " font-src 'self'; media-src 'self'; connect-src 'self'; manifest-src 'self';"
          + " worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  private static final int IDLE_SECONDS = 60;

  private final Vertx vertx;
  private final HubConfig.Http config;
  private final Access access;
  private final Routes routes;
  private final int workerCount;
  private @Nullable HttpServer server;
  private @Nullable WorkerExecutor workers;

  /**
   * @param workers operations at once; fewer than the database has connections, so that slow
   *     questions never keep the ingest waiting
   */
  public ApiServer(Vertx vertx, HubConfig.Http config, Access access, Routes routes, int workers) {
    this.workerCount = workers;
    this.vertx = vertx;
    this.config = config;
    this.access = access;
    this.routes = routes;
  }

  @Override
  public void start() throws Exception {
    WorkerExecutor pool =
        vertx.createSharedWorkerExecutor("api", workerCount, 60, TimeUnit.SECONDS);
    workers = pool;
    Router api = new Api(access, pool, routes).router(vertx).await(60, TimeUnit.SECONDS);
    Router router = Router.router(vertx);
    router
        .route()
        .handler(
            ctx -> {
              secure(ctx.response());
              ctx.next();
            });
    router.route().failureHandler(Errors::answer);
    router.route("/api/v1/*").subRouter(api);
    router.route().handler(new ConsoleFiles(pool)::serve).failureHandler(Errors::answer);
    for (int status : new int[] {400, 404, 405, 413, 415, 500}) {
      router.errorHandler(status, Errors::answer);
    }
    HttpServer listening =
        vertx
            .createHttpServer(options())
            .requestHandler(router)
            .listen()
            .await(30, TimeUnit.SECONDS);
    server = listening;
    LOGGER.atInfo().addKeyValue("port", listening.actualPort()).log("API and console listen");
  }

  @Override
  public void stop() {
    try {
      if (server != null) {
        server.close().await(10, TimeUnit.SECONDS);
      }
    } catch (Exception e) {
      LOGGER.atWarn().setCause(e).log("API not closed cleanly");
    }
    if (workers != null) {
      workers.close();
    }
  }

  /** The port it really listens on. */
  public int port() {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return server.actualPort();
  }

  private HttpServerOptions options() {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(config.host())
            .setPort(config.port())
            .setCompressionSupported(true)
            .setMaxHeaderSize(16 << 10)
            .setIdleTimeout(IDLE_SECONDS);
    HubConfig.Tls tls = config.tls();
    if (tls != null) {
      options
          .setSsl(true)
          .setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"))
          .setKeyCertOptions(
              new PemKeyCertOptions()
                  .setCertPath(tls.certificate().toString())
                  .setKeyPath(tls.key().toString()));
    }
    return options;
  }

  private void secure(HttpServerResponse response) {
    response
        .putHeader("Content-Security-Policy", POLICY)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("X-Frame-Options", "DENY")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin");
    if (config.tls() != null) {
      response.putHeader("Strict-Transport-Security", "max-age=31536000");
    }
  }
}
