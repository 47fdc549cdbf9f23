package io.plantroom.edge.page;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * The password of the page, kept as PBKDF2-HMAC-SHA256 with a salt in a file that only its owner
 * reads. Read anew each time, so that one that was just set counts at once.
 */
public final class PagePassword {
  /** Fewer can be guessed. */
  public static final int LEAST = 10;

  /** As OWASP advises for this function. */
  private static final int ITERATIONS = 600_000;

  private static final int MOST = 200;

  private final Path file;

  /** The password of the agent with this data folder. */
  public PagePassword(Path data) {
    file = data.resolve("page-password");
  }

  public boolean isSet() {
    return Files.exists(file);
  }

  /**
   * Sets it.
   *
   * @throws IllegalArgumentException when it is too short
   */
  public void set(String password) throws IOException {
    if (password.codePointCount(0, password.length()) < LEAST || password.length() > MOST) {
      throw new IllegalArgumentException(
          "expected "
              + LEAST
              + " to "
              + MOST
              + " characters / 需要 "
              + LEAST
              + " 至 "
              + MOST
              + " 个字符");
    }
    byte[] salt = new byte[16];
    new SecureRandom().nextBytes(salt);
    Base64.Encoder base64 = Base64.getEncoder();
    String line =
        String.join(
            "$",
            "pbkdf2-sha256",
            String.valueOf(ITERATIONS),
            base64.encodeToString(salt),
            base64.encodeToString(derive(password, salt, ITERATIONS)));
    Files.createDirectories(file.toAbsolutePath().getParent());
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(fresh, line + "\n");
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Whether this is it. Takes its time. */
  boolean matches(String password) throws IOException {
    try {
      List<String> parts =
          List.of(Files.readString(file, StandardCharsets.US_ASCII).strip().split("\\$", -1));
      if (parts.size() != 4 || password.length() > MOST) {
        return false;
      }
      byte[] salt = Base64.getDecoder().decode(parts.get(2));
      byte[] expected = Base64.getDecoder().decode(parts.get(3));
      return MessageDigest.isEqual(
          expected, derive(password, salt, Integer.parseInt(parts.get(1))));
    } catch (NoSuchFileException e) {
      return false;
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": damaged, set the password again", e);
    }
  }

  private static byte[] derive(String password, byte[] salt, int iterations) {
    try {
      PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, 256);
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has PBKDF2WithHmacSHA256", e);
    }
  }
}
