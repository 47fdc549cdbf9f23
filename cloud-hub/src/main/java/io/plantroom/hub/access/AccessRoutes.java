package io.plantroom.hub.access;

import io.plantroom.hub.config.Role;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.http.ApiException;
import io.plantroom.hub.http.Call;
import io.plantroom.hub.http.Reply;
import io.plantroom.hub.http.Routes;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Signing in and out, and tokens for other systems. */
public final class AccessRoutes {
  /** Name of the cookie that carries a session. */
  public static final String COOKIE = "plantroom_session";

  private final Database database;
  private final Access access;
  private final boolean tls;

  public AccessRoutes(Database database, Access access, boolean tls) {
    this.database = database;
    this.access = access;
    this.tls = tls;
  }

  private record Credentials(String user, String password) {}

  private record TokenRequest(String name, String role, String node) {}

  private record TokenAnswer(String name, String token) {}

  public void addTo(Routes routes) {
    routes
        .on("signIn", this::signIn)
        .on("session", call -> access.session(call.caller()))
        .on("signOut", this::signOut)
        .on("issueToken", this::issueToken);
  }

  private Reply signIn(Call call) {
    Credentials c = call.body(Credentials.class);
    Access.SignedIn signedIn = access.signIn(c.user(), c.password(), call.remote());
    return new Reply(200, signedIn.session(), cookie(signedIn.token(), Access.SESSION.toSeconds()));
  }

  private Reply signOut(Call call) {
    String token = call.token();
    if (token != null) {
      access.signOut(token, call.caller(), call.remote());
    }
    return new Reply(204, null, cookie("", 0));
  }

  private Cookie cookie(String token, long seconds) {
    return Cookie.cookie(COOKIE, token)
        .setPath("/")
        .setHttpOnly(true)
        .setSecure(tls)
        .setSameSite(CookieSameSite.STRICT)
        .setMaxAge(seconds);
  }

  private @Nullable Object issueToken(Call call) {
    TokenRequest request = call.body(TokenRequest.class);
    Role role = Role.valueOf(request.role().toUpperCase(Locale.ROOT));
    return database
        .jdbi()
        .inTransaction(
            h -> {
              boolean mine =
                  call.visible(
                          h.createQuery(
                              """
                              SELECT EXISTS (
                                WITH RECURSIVE up(id, parent) AS (
                                  SELECT id, parent FROM org_node WHERE id = :node
                                  UNION SELECT n.id, n.parent FROM org_node n JOIN up ON up.parent = n.id)
                                SELECT 1 FROM up JOIN role_grant g ON g.node_id = up.id
                                 WHERE g.account_id = :account AND g.role = ANY (:roles))"""))
                      .bind("node", request.node())
                      .mapTo(Boolean.class)
                      .one();
              if (!mine) {
                throw ApiException.notFound("node", "该组织节点", "This node of the organisation");
              }
              long account = Accounts.add(h, request.name(), request.name(), "service", null, "zh");
              if (account == 0) {
                throw ApiException.conflict(
                    "name-taken", "该名称已被使用。", "This name is already taken.");
              }
              Accounts.grant(h, account, role, request.node());
              Audit.add(
                  h,
                  call.caller().name(),
                  "issue-token",
                  request.name(),
                  role.key() + " at " + request.node(),
                  call.remote());
              return new TokenAnswer(
                  request.name(), Tokens.issue(h, account, call.caller().name(), null));
            });
  }
}
