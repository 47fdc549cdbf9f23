package io.plantroom.hub.http;

import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.MimeMapping;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The console, from the classpath folder {@code console}. Files below {@code assets} carry a hash
 * in their name and may be kept for ever; a path without a file is a page of the console.
 */
final class ConsoleFiles {
  private static final Pattern SAFE = Pattern.compile("(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)+");
  private static final String INDEX = "/index.html";

  private final WorkerExecutor workers;
  private final Map<String, Buffer> files = new ConcurrentHashMap<>();

  ConsoleFiles(WorkerExecutor workers) {
    this.workers = workers;
  }

  void serve(RoutingContext ctx) {
    HttpMethod method = ctx.request().method();
    String path = ctx.normalizedPath();
    boolean page = path.indexOf('.') < 0;
    String file = page ? INDEX : path;
    if (path.startsWith("/api/") || !SAFE.matcher(file).matches()) {
      ctx.fail(404);
    } else if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
      ctx.fail(405);
    } else {
      workers
          .executeBlocking(() -> java.util.Optional.ofNullable(read(file)), false)
          .onSuccess(found -> found.ifPresentOrElse(b -> send(ctx, file, b), () -> ctx.fail(404)))
          .onFailure(ctx::fail);
    }
  }

  private static void send(RoutingContext ctx, String file, Buffer body) {
    String type = MimeMapping.mimeTypeForFilename(file);
    boolean text = type != null && (type.startsWith("text/") || type.endsWith("javascript"));
    ctx.response()
        .putHeader(
            HttpHeaders.CONTENT_TYPE,
            (type == null ? "application/octet-stream" : type) + (text ? "; charset=utf-8" : ""))
        .putHeader(
            HttpHeaders.CACHE_CONTROL,
            file.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache");
    if (ctx.request().method().equals(HttpMethod.HEAD)) {
      ctx.response().putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(body.length())).end();
    } else {
      ctx.response().end(body);
    }
  }

  private @Nullable Buffer read(String file) throws IOException {
    Buffer known = files.get(file);
    if (known != null) {
      return known;
    }
    try (InputStream in = ConsoleFiles.class.getResourceAsStream("/console" + file)) {
      if (in == null) {
        return null;
      }
      Buffer body = Buffer.buffer(in.readAllBytes());
      files.put(file, body);
      return body;
    }
  }
}
