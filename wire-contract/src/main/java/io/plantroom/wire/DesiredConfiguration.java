package io.plantroom.wire;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The devices that the hub wants a gateway to ask. Retained by the broker, so that a gateway hears
 * the newest one whenever it comes back; what became of it is told by {@link
 * Event.ConfigurationReport}.
 *
 * @param revision grows with each change, also when a text is taken up again
 * @param version SHA-256 of the text in UTF-8, 64 hexadecimal digits
 * @param text YAML as {@code io.plantroom.device.DeviceDocument} reads it
 */
public record DesiredConfiguration(long revision, String version, String text) {
  public DesiredConfiguration {
    if (!versionOf(text).equals(version)) {
      throw new IllegalArgumentException("the text is not that of version " + version);
    }
  }

  /** With the version that belongs to the text. */
  public static DesiredConfiguration of(long revision, String text) {
    return new DesiredConfiguration(revision, versionOf(text), text);
  }

  /** The version of a text. */
  public static String versionOf(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
