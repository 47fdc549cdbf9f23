package io.plantroom.hub.ingest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jdbi.v3.core.Handle;

/** What could not be stored, kept with the reason. The same payload again only counts up. */
final class Quarantine {
  private static final String ADD =
      """
      INSERT INTO quarantine AS q (sha256, topic, payload, reason, gateway_id)
      VALUES (:sha, :topic, :payload, :reason,
              (SELECT id FROM gateway WHERE code = split_part(:topic, '/', 3)))
      ON CONFLICT (sha256) DO UPDATE SET seen = q.seen + 1, last_seen = now(),
          payload = excluded.payload, reason = excluded.reason, gateway_id = excluded.gateway_id""";

  private Quarantine() {}

  static void add(Handle handle, Delivery delivery, String reason) {
    add(handle, delivery, reason, delivery.payload());
  }

  /** One row per gateway: it keeps its records and will send them again and again. */
  static void addRefused(Handle handle, Delivery delivery, String gateway, String reason) {
    add(handle, delivery, reason, ("refused " + gateway).getBytes(StandardCharsets.UTF_8));
  }

  private static void add(Handle handle, Delivery delivery, String reason, byte[] identity) {
    handle
        .createUpdate(ADD)
        .bind("sha", sha256(identity))
        .bind("topic", delivery.topic().replace("\0", ""))
        .bind("payload", delivery.payload())
        .bind("reason", reason.replace("\0", ""))
        .execute();
  }

  private static byte[] sha256(byte[] payload) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(payload);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
