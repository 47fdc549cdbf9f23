package io.plantroom.hub.access;

import io.plantroom.hub.database.Database;
import io.plantroom.hub.http.ApiException;
import io.plantroom.profile.LocalText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Who somebody is. Blocks on the database. Thread-safe. */
public final class Access {
  static final Duration SESSION = Duration.ofHours(12);
  private static final String CALLER =
      """
      SELECT a.id, a.name, a.display_name, a.language,
             (SELECT coalesce(array_agg(DISTINCT role ORDER BY role), '{}')
                FROM role_grant WHERE account_id = a.id) AS roles
        FROM account a JOIN %s t ON t.account_id = a.id
       WHERE a.active AND t.token_hash = :hash AND (t.expires_at IS NULL OR t.expires_at > now())""";
  private static final String BY_SESSION = CALLER.formatted("session");
  private static final String BY_TOKEN = CALLER.formatted("access_token");
  private static final String ACCOUNT =
      """
      SELECT id, password_hash FROM account WHERE name = :name AND active AND kind = 'person'""";
  private static final String FAILURES =
      """
      SELECT count(*) FILTER (WHERE name = :name AND remote = :remote) >= 10
          OR count(*) FILTER (WHERE name = :name) >= 100
          OR count(*) FILTER (WHERE remote = :remote) >= 50
        FROM login_failure WHERE at > now() - interval '5 minutes'""";
  private static final String OPEN =
      """
      INSERT INTO session (token_hash, account_id, expires_at)
      VALUES (:hash, :account, now() + make_interval(secs => :seconds))""";
  private static final String GRANTS =
      """
      SELECT g.role, g.node_id, n.name_zh, n.name_en
        FROM role_grant g JOIN org_node n ON n.id = g.node_id
       WHERE g.account_id = :account ORDER BY g.role, g.node_id""";

  private final Database database;

  public Access(Database database) {
    this.database = database;
  }

  /** What a console needs to know of its user. */
  public record Session(
      String user, String displayName, List<String> roles, List<Grant> grants, String language) {}

  /** A role and the node from which it reaches down. */
  public record Grant(String role, String nodeId, LocalText nodeName) {}

  /** A fresh session and its token, which is told only to the browser. */
  record SignedIn(String token, Session session) {}

  public Optional<Caller> bySession(String token) {
    return find(BY_SESSION, token, true);
  }

  public Optional<Caller> byToken(String token) {
    return find(BY_TOKEN, token, false);
  }

  /** Opens a session, or refuses with 401, or with 429 after too many failures. */
  SignedIn signIn(String name, String password, String remote) {
    throttle(name, remote);
    AtomicReference<@Nullable String> hash = new AtomicReference<>();
    Optional<Long> account =
        database
            .jdbi()
            .withHandle(
                h ->
                    h.createQuery(ACCOUNT)
                        .bind("name", name)
                        .map(
                            (rs, ctx) -> {
                              hash.set(rs.getString("password_hash"));
                              return rs.getLong("id");
                            })
                        .findOne());
    boolean right = Passwords.matches(hash.get(), password);
    if (!right || account.isEmpty()) {
      database.jdbi().useTransaction(h -> failed(h, name, remote));
      throw new ApiException(
          401, "wrong-credentials", "用户名或密码不正确。", "User name or password is wrong.");
    }
    String token = Passwords.random();
    database
        .jdbi()
        .useTransaction(
            h -> {
              h.execute("DELETE FROM session WHERE expires_at < now()");
              h.createUpdate(OPEN)
                  .bind("hash", Passwords.tokenHash(token))
                  .bind("account", account.get())
                  .bind("seconds", (double) SESSION.toSeconds())
                  .execute();
              Audit.add(h, name, "sign-in", name, "", remote);
            });
    Caller caller = bySession(token).orElseThrow();
    return new SignedIn(token, session(caller));
  }

  void signOut(String token, Caller caller, String remote) {
    database
        .jdbi()
        .useTransaction(
            h -> {
              h.createUpdate("DELETE FROM session WHERE token_hash = :hash")
                  .bind("hash", Passwords.tokenHash(token))
                  .execute();
              Audit.add(h, caller.name(), "sign-out", caller.name(), "", remote);
            });
  }

  Session session(Caller caller) {
    List<Grant> grants =
        database
            .jdbi()
            .withHandle(
                h ->
                    h.createQuery(GRANTS)
                        .bind("account", caller.accountId())
                        .map(
                            (rs, ctx) ->
                                new Grant(
                                    rs.getString("role"),
                                    rs.getString("node_id"),
                                    new LocalText(
                                        rs.getString("name_zh"), rs.getString("name_en"))))
                        .list());
    return new Session(
        caller.name(), caller.displayName(), caller.roles(), grants, caller.language());
  }

  private void throttle(String name, String remote) {
    boolean tooMany =
        database
            .jdbi()
            .withHandle(
                h ->
                    h.createQuery(FAILURES)
                        .bind("name", name)
                        .bind("remote", remote)
                        .mapTo(Boolean.class)
                        .one());
    if (tooMany) {
      throw new ApiException(
          429,
          "too-many-attempts",
          "失败次数过多，请五分钟后再试。",
          "Too many failures; try again in five minutes.");
    }
  }

  private static void failed(Handle handle, String name, String remote) {
    handle.execute("DELETE FROM login_failure WHERE at < now() - interval '1 hour'");
    handle
        .createUpdate("INSERT INTO login_failure (name, remote) VALUES (:name, :remote)")
        .bind("name", name)
        .bind("remote", remote)
        .execute();
    Audit.add(handle, name, "sign-in-refused", name, "", remote);
  }

  private Optional<Caller> find(String sql, String token, boolean byCookie) {
    return database
        .jdbi()
        .withHandle(
            h ->
                h.createQuery(sql)
                    .bind("hash", Passwords.tokenHash(token))
                    .map((rs, ctx) -> caller(rs, byCookie))
                    .findOne());
  }

  private static Caller caller(ResultSet rs, boolean byCookie) throws SQLException {
    return new Caller(
        rs.getLong("id"),
        rs.getString("name"),
        rs.getString("display_name"),
        rs.getString("language"),
        List.copyOf(Arrays.asList((String[]) rs.getArray("roles").getArray())),
        byCookie);
  }
}
