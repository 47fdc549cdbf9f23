package io.plantroom.hub.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Semaphore;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/** Passwords and tokens, as they are kept: never in clear. */
final class Passwords {
  private static final int ITERATIONS = 310_000;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Each check costs a core for a while; more at once would only starve the ingest. */
  private static final Semaphore AT_ONCE = new Semaphore(2, true);

  private static final String NOBODY = hash("nobody has this password");

  private Passwords() {}

  /** 256 random bits, fit for a header, a cookie or a file. */
  static String random() {
    byte[] bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  static byte[] tokenHash(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static String hash(String password) {
    byte[] salt = new byte[16];
    RANDOM.nextBytes(salt);
    Base64.Encoder base64 = Base64.getEncoder();
    return String.join(
        "$",
        "pbkdf2-sha256",
        String.valueOf(ITERATIONS),
        base64.encodeToString(salt),
        base64.encodeToString(derive(password, salt, ITERATIONS)));
  }

  /** Takes as long for an account that does not exist. */
  static boolean matches(@Nullable String stored, String password) {
    List<String> parts = List.of((stored == null ? NOBODY : stored).split("\\$", -1));
    byte[] salt = Base64.getDecoder().decode(parts.get(2));
    byte[] expected = Base64.getDecoder().decode(parts.get(3));
    boolean same =
        MessageDigest.isEqual(expected, derive(password, salt, Integer.parseInt(parts.get(1))));
    return same && stored != null;
  }

  private static byte[] derive(String password, byte[] salt, int iterations) {
    AT_ONCE.acquireUninterruptibly();
    try {
      PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, 256);
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has PBKDF2WithHmacSHA256", e);
    } finally {
      AT_ONCE.release();
    }
  }
}
