package io.plantroom.hub.http;

import io.plantroom.hub.access.Access;
import io.plantroom.hub.access.AccessRoutes;
import io.plantroom.hub.access.Caller;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RequestExtractor;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.validation.ValidatedRequest;
import java.util.Collections;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The contract as a router: checks the request, who asks, and hands over to the feature. */
final class Api {
  private static final Logger LOGGER = LoggerFactory.getLogger(Api.class);
  private static final int MOST_BODY = 64 << 10;

  /** The devices of a gateway as one text. */
  private static final int MOST_CONFIGURATION = 1 << 20;

  /** As HTTP/2 numbers it. */
  private static final long INTERNAL_ERROR = 2;

  private static final String BEARER = "Bearer ";
  private static final String NO_FORGERY = "X-Requested-With";

  private final Access access;
  private final WorkerExecutor workers;
  private final Routes routes;

  Api(Access access, WorkerExecutor workers, Routes routes) {
    this.access = access;
    this.workers = workers;
    this.routes = routes;
  }

  Future<Router> router(Vertx vertx) {
    return OpenAPIContract.from(vertx, "openapi.yaml").map(contract -> build(vertx, contract));
  }

  private Router build(Vertx vertx, OpenAPIContract contract) {
    RouterBuilder builder =
        RouterBuilder.create(vertx, contract, RequestExtractor.withBodyHandler());
    BodyHandler usual = BodyHandler.create(false).setBodyLimit(MOST_BODY);
    BodyHandler large = BodyHandler.create(false).setBodyLimit(MOST_CONFIGURATION);
    builder.rootHandler(
        ctx -> (ctx.normalizedPath().contains("/desired") ? large : usual).handle(ctx));
    for (OpenAPIRoute route : builder.getRoutes()) {
      String id = route.getOperation().getOperationId();
      Contract allowed = Contract.of(route.getOperation());
      Operation operation = routes.operations().get(id);
      Streaming streaming = routes.streams().get(id);
      if (operation != null) {
        route.addHandler(ctx -> run(ctx, allowed, operation));
      } else if (streaming != null) {
        route.addHandler(ctx -> open(ctx, allowed, streaming));
      } else {
        throw new IllegalStateException("nothing answers operation '" + id + "'");
      }
      // Who may call is decided by x-allow above, in one place.
      route.setDoSecurity(false);
    }
    Router router = builder.createRouter();
    // Last, so that it hears of every failure before it.
    router.route().failureHandler(Errors::answer);
    return router;
  }

  private void run(RoutingContext ctx, Contract allowed, Operation operation) {
    ValidatedRequest request = ctx.get(RouterBuilder.KEY_META_DATA_VALIDATED_REQUEST);
    // A large answer takes long to write as JSON, which must not hold up the event loop either.
    workers
        .executeBlocking(() -> written(call(operation, identify(ctx, allowed, request))), false)
        .onSuccess(reply -> answer(ctx, reply))
        .onFailure(ctx::fail);
  }

  private static Reply call(Operation operation, Call call) throws Exception {
    Object result = operation.run(call);
    if (result instanceof Reply reply) {
      return reply;
    }
    return new Reply(result == null ? 204 : 200, result, null);
  }

  private static Reply written(Reply reply) {
    Object body = reply.body();
    return body == null || body instanceof Download
        ? reply
        : new Reply(reply.status(), Buffer.buffer(Json.bytes(body)), reply.cookie());
  }

  private void open(RoutingContext ctx, Contract allowed, Streaming streaming) {
    ValidatedRequest request = ctx.get(RouterBuilder.KEY_META_DATA_VALIDATED_REQUEST);
    workers
        .executeBlocking(() -> identify(ctx, allowed, request), false)
        .onSuccess(call -> streaming.open(call, ctx.response()))
        .onFailure(ctx::fail);
  }

  private Call identify(RoutingContext ctx, Contract allowed, ValidatedRequest request) {
    String remote = ctx.request().remoteAddress().hostAddress();
    Cookie cookie = ctx.request().getCookie(AccessRoutes.COOKIE);
    String session = cookie == null || cookie.getValue().isEmpty() ? null : cookie.getValue();
    if (allowed.isPublic()) {
      return new Call(request, null, allowed.roles(), remote, session);
    }
    Caller caller =
        caller(ctx, session)
            .orElseThrow(
                () -> new ApiException(401, "not-signed-in", "请先登录。", "Please sign in first."));
    if (caller.byCookie()
        && !ctx.request().method().equals(HttpMethod.GET)
        && !"plantroom".equals(ctx.request().getHeader(NO_FORGERY))) {
      throw new ApiException(
          403,
          "forgery",
          "缺少请求头 X-Requested-With: plantroom。",
          "Header X-Requested-With: plantroom is missing.");
    }
    if (Collections.disjoint(caller.roles(), allowed.roles())) {
      throw new ApiException(
          403, "forbidden", "您的角色不允许此操作。", "Your role does not allow this operation.");
    }
    return new Call(request, caller, allowed.roles(), remote, session);
  }

  private Optional<Caller> caller(RoutingContext ctx, @Nullable String session) {
    String authorization = ctx.request().getHeader(HttpHeaders.AUTHORIZATION);
    if (authorization != null && authorization.startsWith(BEARER)) {
      return access.byToken(authorization.substring(BEARER.length()).strip());
    }
    return session == null ? Optional.empty() : access.bySession(session);
  }

  private void answer(RoutingContext ctx, Reply reply) {
    if (ctx.response().closed()) {
      return;
    }
    if (reply.body() instanceof Download download) {
      send(ctx, download);
      return;
    }
    if (reply.cookie() != null) {
      ctx.response().addCookie(reply.cookie());
    }
    ctx.response().setStatusCode(reply.status()).putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    if (reply.body() instanceof Buffer json) {
      ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(json);
    } else {
      ctx.response().end();
    }
  }

  /** What goes wrong on the way cuts the answer off, so that nobody takes half a file for all. */
  private void send(RoutingContext ctx, Download download) {
    ctx.response()
        .setChunked(true)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader(HttpHeaders.CONTENT_TYPE, download.contentType())
        .putHeader("Content-Disposition", "attachment; filename=\"" + download.fileName() + "\"");
    workers
        .executeBlocking(
            () -> {
              ResponseStream out = new ResponseStream(ctx.response());
              download.content().writeTo(out);
              out.close();
              return true;
            },
            false)
        .onFailure(
            e -> {
              LOGGER
                  .atWarn()
                  .addKeyValue("error", String.valueOf(e.getMessage()))
                  .log("a file was not sent to its end");
              // With HTTP/2 other answers are on the same connection.
              ctx.response().reset(INTERNAL_ERROR);
            });
  }
}
