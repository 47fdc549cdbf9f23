package io.plantroom.edge.driver.coap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The file of a pre-shared key: {@code hex:0a1b…}, {@code base64:…}, or else the text itself is the
 * key. What is in it never appears in a message.
 */
final class PskFile {
  private PskFile() {}

  static byte[] read(Path file) throws IOException {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.UTF_8).strip();
    } catch (NoSuchFileException e) {
      throw new IOException("key file " + file + " does not exist", e);
    }
    byte[] key;
    try {
      if (text.startsWith("hex:")) {
        key = HexFormat.of().parseHex(text.substring(4).strip());
      } else if (text.startsWith("base64:")) {
        key = Base64.getDecoder().decode(text.substring(7).strip());
      } else {
        key = text.getBytes(StandardCharsets.UTF_8);
      }
    } catch (IllegalArgumentException e) {
      // Without its cause: that would quote the key.
      throw new IOException("key file " + file + ": not what its hex: or base64: says");
    }
    if (key.length == 0) {
      throw new IOException("key file " + file + " is empty");
    }
    return key;
  }
}
