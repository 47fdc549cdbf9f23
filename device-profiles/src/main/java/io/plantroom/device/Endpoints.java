package io.plantroom.device;

import io.plantroom.profile.Protocol;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Rules for the URIs by which devices are reached. */
public final class Endpoints {
  private static final Map<String, Protocol> SCHEMES =
      new TreeMap<>(
          Map.of(
              "modbus-tcp", Protocol.MODBUS,
              "modbus-rtu-tcp", Protocol.MODBUS,
              "modbus-rtu", Protocol.MODBUS,
              "opc.tcp", Protocol.OPC_UA,
              "coap", Protocol.COAP,
              "coaps", Protocol.COAP));
  private static final List<String> SECURITY =
      List.of(
          "Basic256Sha256",
          "Aes128_Sha256_RsaOaep",
          "Aes256_Sha256_RsaPss",
          "Basic256",
          "Basic128Rsa15",
          "none");
  private static final List<String> TRUST = List.of("listed", "first-use");

  private static final Map<String, String> SERIAL =
      new TreeMap<>(
          Map.of(
              "unit", "\\d{1,3}",
              "baud", "300|600|1200|2400|4800|9600|19200|38400|57600|115200",
              "parity", "none|even|odd",
              "stop-bits", "1|2",
              "rs485", "on|off",
              "rs485-rts", "high|low",
              "rs485-delay-before", "\\d{1,6}",
              "rs485-delay-after", "\\d{1,6}"));

  private Endpoints() {}

  /** What is wrong with the endpoint for a device of this protocol, or null. */
  public static @Nullable String problem(URI uri, Protocol protocol) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    Protocol spoken = SCHEMES.get(scheme);
    if (spoken == null) {
      return "expected one of the schemes "
          + String.join(", ", SCHEMES.keySet())
          + ", got \""
          + withoutSecrets(uri)
          + "\"";
    }
    if (spoken != protocol) {
      return "the profile speaks " + protocol + ", " + scheme + ":// is " + spoken;
    }
    if (scheme.equals("modbus-rtu")) {
      return serialProblem(uri);
    }
    if (uri.getHost() == null || uri.getPort() < 1) {
      return "needs a host and a port, got \"" + withoutSecrets(uri) + "\"";
    }
    if (uri.getRawUserInfo() != null) {
      return "a user does not belong here; write access: { user: name, password-file: file }";
    }
    if (spoken == Protocol.OPC_UA) {
      return oneOf(uri, "security", SECURITY, oneOf(uri, "trust", TRUST, null));
    }
    return spoken == Protocol.MODBUS ? unitProblem(uri) : null;
  }

  private static @Nullable String unitProblem(URI uri) {
    String unit = parameter(uri, "unit");
    return unit == null || !unit.matches("\\d{1,3}") || Integer.parseInt(unit) > 255
        ? "needs ?unit=0 to 255, got \"" + uri + "\""
        : null;
  }

  /** For instance {@code modbus-rtu:///dev/ttyUSB0?baud=9600&parity=even&stop-bits=1&unit=3}. */
  private static @Nullable String serialProblem(URI uri) {
    if (uri.getHost() != null || uri.getPath() == null || uri.getPath().length() < 2) {
      return "needs the path of a serial line, such as modbus-rtu:///dev/ttyUSB0?unit=1, got \""
          + uri
          + "\"";
    }
    String query = uri.getQuery();
    for (String part : query == null ? List.<String>of() : List.of(query.split("&", -1))) {
      String name = part.replaceFirst("=.*", "");
      String rule = SERIAL.get(name);
      if (rule == null) {
        return "a serial line has " + String.join(", ", SERIAL.keySet()) + ", got \"" + name + "\"";
      }
      String value = part.substring(Math.min(part.length(), name.length() + 1));
      if (!value.matches(rule)) {
        return name + " must be " + rule.replace("|", " or ") + ", got \"" + value + "\"";
      }
    }
    return unitProblem(uri);
  }

  private static @Nullable String oneOf(
      URI uri, String name, List<String> known, @Nullable String before) {
    String given = parameter(uri, name);
    return before != null || given == null || known.contains(given)
        ? before
        : name + "= is one of " + String.join(", ", known) + ", got \"" + given + "\"";
  }

  /** A parameter of the query, or null. */
  public static @Nullable String parameter(URI uri, String name) {
    String query = uri.getQuery();
    for (String part : query == null ? List.<String>of() : List.of(query.split("&", -1))) {
      if (part.startsWith(name + "=")) {
        return part.substring(name.length() + 1);
      }
    }
    return null;
  }

  /** The endpoint without user and password. */
  public static String withoutSecrets(URI uri) {
    return uri.getRawUserInfo() == null
        ? uri.toString()
        : uri.toString().replace(uri.getRawUserInfo() + "@", "");
  }
}
