package io.plantroom.device;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * By what a device or server knows this gateway. Secrets stand in files, never in the
 * configuration.
 *
 * @param user of an OPC UA server, with the file of its password
 * @param certificate PEM file of a user's certificate for an OPC UA server, with its key, PKCS#8
 * @param identity of a pre-shared key for CoAP over DTLS, with the file of that key
 */
public record Access(
    @Nullable String user,
    @Nullable Path passwordFile,
    @Nullable Path certificate,
    @Nullable Path key,
    @Nullable String identity,
    @Nullable Path keyFile) {
  /** For a device that asks nobody. */
  public static final Access NONE = new Access(null, null, null, null, null, null);

  private static final TreeSet<String> OPC_UA =
      new TreeSet<>(Set.of("user", "password-file", "certificate", "key"));
  private static final TreeSet<String> COAPS = new TreeSet<>(Set.of("identity", "key-file"));

  public static Access user(String user, Path passwordFile) {
    return new Access(user, passwordFile, null, null, null, null);
  }

  public static Access certificate(Path certificate, Path key) {
    return new Access(null, null, certificate, key, null, null);
  }

  public static Access preSharedKey(String identity, Path keyFile) {
    return new Access(null, null, null, null, identity, keyFile);
  }

  /** The same with files relative to a folder. */
  public Access in(Path base) {
    return new Access(
        user,
        in(base, passwordFile),
        in(base, certificate),
        in(base, key),
        identity,
        in(base, keyFile));
  }

  private static @Nullable Path in(Path base, @Nullable Path file) {
    return file == null ? null : base.resolve(file).normalize();
  }

  /** What is wrong with it for this endpoint, or null. */
  static @Nullable String problem(JsonNode access, URI endpoint) {
    String scheme = String.valueOf(endpoint.getScheme()).toLowerCase(Locale.ROOT);
    TreeSet<String> known =
        switch (scheme) {
          case "opc.tcp" -> OPC_UA;
          case "coaps" -> COAPS;
          default -> new TreeSet<>();
        };
    if (known.isEmpty()) {
      return scheme + ":// asks nobody who he is; only opc.tcp:// and coaps:// do";
    }
    if (!access.isObject()) {
      return "expected { " + String.join(", ", known) + " }, got " + access;
    }
    for (Iterator<String> i = access.fieldNames(); i.hasNext(); ) {
      String name = i.next();
      if (!known.contains(name)) {
        return "unknown key \"" + name + "\"; known here are " + String.join(", ", known);
      }
      if (!access.get(name).isValueNode() || access.get(name).asText().isEmpty()) {
        return name + ": expected text";
      }
    }
    String together = together(access, "user", "password-file");
    together = together != null ? together : together(access, "certificate", "key");
    together = together != null ? together : together(access, "identity", "key-file");
    if (together == null && access.has("user") && access.has("certificate")) {
      return "either user and password-file or certificate and key, not both";
    }
    if (together == null
        && access.has("user")
        && "none".equals(Endpoints.parameter(endpoint, "security"))) {
      return "with security=none anybody on the way could read the password";
    }
    return together;
  }

  private static @Nullable String together(JsonNode access, String one, String other) {
    return access.has(one) == access.has(other) ? null : one + " and " + other + " go together";
  }

  /** To be called with what {@link #problem} found nothing wrong with. */
  static Access of(JsonNode node, Path base) {
    return new Access(
        text(node, "user"),
        file(node, "password-file", base),
        file(node, "certificate", base),
        file(node, "key", base),
        text(node, "identity"),
        file(node, "key-file", base));
  }

  private static @Nullable String text(JsonNode node, String name) {
    return node.has(name) ? node.get(name).asText() : null;
  }

  private static @Nullable Path file(JsonNode node, String name, Path base) {
    return node.has(name) ? base.resolve(node.get(name).asText()).normalize() : null;
  }
}
