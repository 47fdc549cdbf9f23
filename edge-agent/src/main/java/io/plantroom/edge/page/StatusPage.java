package io.plantroom.edge.page;

import io.plantroom.edge.config.EdgeConfig;
import io.plantroom.edge.health.AgentView;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Serves the page. It shows and changes nothing. Without a session only the empty page is to be
 * had; without a password nobody gets one.
 */
public final class StatusPage {
  private static final String COOKIE = "plantroom_edge";
  private static final Map<String, String> FILES =
      Map.of(
          "index.html", "text/html; charset=utf-8",
          "page.css", "text/css; charset=utf-8",
          "page.js", "text/javascript; charset=utf-8",
          "icon.svg", "image/svg+xml");
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final Door door;
  private final PageState state;
  private final boolean tls;

  private StatusPage(Door door, PageState state, boolean tls) {
    this.door = door;
    this.state = state;
    this.tls = tls;
  }

  /** A server that listens when the future completes; its port is {@code actualPort()}. */
  public static Future<HttpServer> start(
      Vertx vertx, AgentView agent, EdgeConfig config, EdgeConfig.PageConfig where) {
    boolean tls = where.certificate() != null && where.key() != null;
    StatusPage page =
        new StatusPage(
            new Door(new PagePassword(config.data()), InstantSource.system()),
            new PageState(agent, config.gateway(), config.data()),
            tls);
    HttpServerOptions options = new HttpServerOptions().setIdleTimeout(60);
    if (tls) {
      options
          .setSsl(true)
          .setKeyCertOptions(
              new PemKeyCertOptions()
                  .setCertPath(String.valueOf(where.certificate()))
                  .setKeyPath(String.valueOf(where.key())));
    }
    return vertx
        .createHttpServer(options)
        .requestHandler(page.router(vertx))
        .listen(where.port(), where.host());
  }

  private Router router(Vertx vertx) {
    Router router = Router.router(vertx);
    router.route().handler(StatusPage::guard);
    FILES.forEach(
        (name, type) -> {
          Buffer body = file(name);
          String path = name.equals("index.html") ? "/" : "/" + name;
          router.get(path).handler(ctx -> ctx.response().putHeader("content-type", type).end(body));
        });
    router
        .post("/api/session")
        .handler(BodyHandler.create(false).setBodyLimit(2048))
        .blockingHandler(this::enter, false);
    router.delete("/api/session").handler(this::leave);
    router.get("/api/state").blockingHandler(this::show, false);
    return router;
  }

  private static void guard(RoutingContext ctx) {
    HttpServerResponse response = ctx.response();
    response.putHeader("content-security-policy", POLICY);
    response.putHeader("x-content-type-options", "nosniff");
    response.putHeader("referrer-policy", "no-referrer");
    response.putHeader("cache-control", "no-store");
    ctx.next();
  }

  private void enter(RoutingContext ctx) {
    // A form of another site cannot send this header.
    if (!"plantroom".equals(ctx.request().getHeader("X-Requested-With"))) {
      ctx.response().setStatusCode(403).end();
      return;
    }
    try {
      JsonObject body = ctx.body().asJsonObject();
      String tried = body == null ? "" : body.getString("password", "");
      Door.Entry entry = door.enter(ctx.request().remoteAddress().hostAddress(), tried);
      if (entry.token() != null) {
        ctx.response().addCookie(cookie(entry.token(), Door.SESSION.toSeconds()));
      }
      int code =
          switch (entry.answer()) {
            case OPEN -> 204;
            case WRONG -> 401;
            case WAIT -> 429;
            case NO_PASSWORD -> 503;
          };
      ctx.response().setStatusCode(code).end();
    } catch (DecodeException | ClassCastException e) {
      ctx.response().setStatusCode(400).end();
    } catch (IOException e) {
      ctx.response().setStatusCode(500).end();
    }
  }

  private void leave(RoutingContext ctx) {
    door.leave(token(ctx));
    ctx.response().addCookie(cookie("", 0)).setStatusCode(204).end();
  }

  private void show(RoutingContext ctx) {
    if (door.isOpen(token(ctx))) {
      ctx.json(state.json());
    } else {
      ctx.response().setStatusCode(401).end();
    }
  }

  private static @Nullable String token(RoutingContext ctx) {
    Cookie cookie = ctx.request().getCookie(COOKIE);
    return cookie == null ? null : cookie.getValue();
  }

  private Cookie cookie(String value, long seconds) {
    return Cookie.cookie(COOKIE, value)
        .setHttpOnly(true)
        .setSecure(tls)
        .setSameSite(CookieSameSite.STRICT)
        .setPath("/")
        .setMaxAge(seconds);
  }

  private static Buffer file(String name) {
    try (InputStream in =
        Objects.requireNonNull(StatusPage.class.getResourceAsStream("/page/" + name))) {
      return Buffer.buffer(in.readAllBytes());
    } catch (IOException e) {
      throw new IllegalStateException("the jar lacks page/" + name, e);
    }
  }
}
