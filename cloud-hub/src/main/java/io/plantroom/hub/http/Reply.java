package io.plantroom.hub.http;

import io.vertx.core.http.Cookie;
import org.jspecify.annotations.Nullable;

/** An answer that is more than a body. */
public record Reply(int status, @Nullable Object body, @Nullable Cookie cookie) {}
