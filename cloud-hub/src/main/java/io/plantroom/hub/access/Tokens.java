package io.plantroom.hub.access;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Bearer tokens of other systems; only their hash is kept. */
final class Tokens {
  private static final String ADD =
      """
      INSERT INTO access_token (token_hash, account_id, created_by, expires_at)
      VALUES (:hash, :account, :by, :expires)""";

  private Tokens() {}

  /** The token, told this once. */
  static String issue(Handle handle, long account, String by, @Nullable Instant expires) {
    String token = "prt_" + Passwords.random();
    handle
        .createUpdate(ADD)
        .bind("hash", Passwords.tokenHash(token))
        .bind("account", account)
        .bind("by", by)
        .bind("expires", expires == null ? null : OffsetDateTime.ofInstant(expires, ZoneOffset.UTC))
        .execute();
    return token;
  }
}
