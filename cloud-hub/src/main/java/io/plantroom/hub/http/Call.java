package io.plantroom.hub.http;

import io.plantroom.hub.access.Caller;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.ValidatedRequest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** One request, checked against the contract, and who makes it. */
public final class Call {
  /** Rows of sites where the caller holds a role that the operation allows. */
  public static final String VISIBLE = "site_id IN (SELECT allowed_sites(:account, :roles))";

  private final ValidatedRequest request;
  private final @Nullable Caller caller;
  private final List<String> roles;
  private final String remote;
  private final @Nullable String token;

  Call(
      ValidatedRequest request,
      @Nullable Caller caller,
      List<String> roles,
      String remote,
      @Nullable String token) {
    this.request = request;
    this.caller = caller;
    this.roles = roles;
    this.remote = remote;
    this.token = token;
  }

  public Caller caller() {
    if (caller == null) {
      throw new IllegalStateException("a public operation has no caller");
    }
    return caller;
  }

  /** Address the request came from. */
  public String remote() {
    return remote;
  }

  /** The cookie's token, when there is one. */
  public @Nullable String token() {
    return token;
  }

  /** Roles that count for this operation. */
  public List<String> roles() {
    return roles;
  }

  /** Binds what {@link #VISIBLE} needs. */
  public <S extends SqlStatement<S>> S visible(S statement) {
    return statement
        .bind("account", caller().accountId())
        .bindArray("roles", String.class, roles.toArray());
  }

  public String path(String name) {
    RequestParameter p = request.getPathParameters().get(name);
    if (p == null) {
      throw new IllegalStateException("the contract has no path parameter '" + name + "'");
    }
    return p.getString();
  }

  /** A numeric id in the path; what is no number does not exist. */
  public long id(String what, String zh, String en) {
    try {
      return Long.parseLong(path("id"));
    } catch (NumberFormatException e) {
      throw ApiException.notFound(what, zh, en);
    }
  }

  public @Nullable String query(String name) {
    RequestParameter p = request.getQuery().get(name);
    return p == null || p.isNull() || String.valueOf(p.get()).isEmpty()
        ? null
        : String.valueOf(p.get());
  }

  public int query(String name, int otherwise) {
    RequestParameter p = request.getQuery().get(name);
    return p == null || p.isNull() ? otherwise : p.getInteger();
  }

  /** A time in the query, as ISO 8601. */
  public @Nullable Instant time(String name) {
    String text = query(name);
    return text == null ? null : time(name, text);
  }

  public static Instant time(String name, String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw ApiException.badRequest(
          name,
          "应为 ISO 8601 时间，例如 2026-11-01T00:00:00Z",
          "expected a time such as 2026-11-01T00:00:00Z");
    }
  }

  public <T> T body(Class<T> type) {
    RequestParameter body = request.getBody();
    String text = body == null || body.isNull() ? "{}" : String.valueOf(body.get());
    return Json.read(text, type);
  }
}
