package io.plantroom.hub.http;

import io.vertx.core.http.HttpServerResponse;

/** An operation that keeps its answer open. Runs on the event loop and must not block. */
@FunctionalInterface
public interface Streaming {
  void open(Call call, HttpServerResponse response);
}
