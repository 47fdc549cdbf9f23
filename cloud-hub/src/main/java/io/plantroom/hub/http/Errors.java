package io.plantroom.hub.http;

import io.plantroom.profile.LocalText;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.vertx.openapi.validation.ValidatorException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every refusal in the one shape that the contract has for it. */
final class Errors {
  private static final Logger LOGGER = LoggerFactory.getLogger(Errors.class);

  private Errors() {}

  private record Body(Refusal error) {}

  private record Refusal(String code, LocalText message, String path, @Nullable String field) {}

  static void answer(RoutingContext ctx) {
    if (ctx.response().ended()) {
      return;
    }
    if (ctx.response().headWritten()) {
      ctx.response().reset();
      return;
    }
    ApiException e = refusal(ctx.failure(), ctx.statusCode());
    if (e.status() == 500) {
      // The caller learns nothing of our insides; the log does.
      LOGGER.atError().addKeyValue("path", ctx.normalizedPath()).setCause(ctx.failure()).log("500");
    }
    ctx.response()
        .setStatusCode(e.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(
            Json.write(new Body(new Refusal(e.code(), e.text(), ctx.normalizedPath(), e.field()))));
  }

  private static ApiException refusal(@Nullable Throwable failure, int status) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof ApiException api) {
        return api;
      }
      if (t instanceof ValidatorException) {
        String why = String.valueOf(t.getMessage());
        return new ApiException(
            400,
            "bad-request",
            "请求不符合接口约定：" + why,
            "The request does not fit the contract: " + why);
      }
    }
    return switch (status) {
      case 400 -> new ApiException(400, "bad-request", "请求无法理解。", "The request makes no sense.");
      case 404 ->
          new ApiException(404, "not-found", "没有这个地址。", "There is nothing at this address.");
      case 405 -> new ApiException(405, "method-not-allowed", "此地址不支持该方法。", "Not by this method.");
      case 413 -> new ApiException(413, "too-large", "请求内容过大。", "The request is too large.");
      case 415 -> new ApiException(415, "media-type", "请使用 JSON。", "Send JSON.");
      default ->
          new ApiException(
              500, "internal", "系统内部错误，已记录。", "Something went wrong here; it was logged.");
    };
  }
}
