package io.plantroom.wire;

import io.plantroom.telemetry.Lane;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of the MQTT topics. A gateway may publish below its own {@code up} and read its own {@code
 * down}, nothing else; the broker enforces it by the gateway's certificate, whose common name is
 * the gateway's code and its MQTT client id.
 */
public final class Topics {
  private static final String ROOT = "plantroom/v1/";
  private static final Pattern UP = Pattern.compile("plantroom/v1/([^/+#]+)/up/(\\w+)");

  /** Rule for a gateway's code; it stands in topics, file names and certificates. */
  public static final Pattern GATEWAY_CODE = Pattern.compile("[a-z0-9][a-z0-9-]{1,62}");

  /** Filter by which the hubs share the frames of all gateways among themselves. */
  public static final String HUB_FRAMES = "$share/hub/plantroom/v1/+/up/+";

  /** Filter by which each hub hears the live values of all gateways, for its own screens. */
  public static final String HUB_LIVE = ROOT + "+/up/live";

  private Topics() {}

  /** Where a gateway sends the frames of a lane, QoS 1. */
  public static String frames(String gateway, Lane lane) {
    return ROOT + gateway + "/up/" + lane.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Where a gateway tells its state every few seconds, QoS 0; its MQTT will says that it is gone.
   */
  public static String status(String gateway) {
    return ROOT + gateway + "/up/status";
  }

  /**
   * Where a gateway shows its newest values while a backlog drains, QoS 0: for the screens only,
   * never stored, because the same samples come in their order later.
   */
  public static String live(String gateway) {
    return ROOT + gateway + "/up/live";
  }

  /** Where a gateway hears what the hub has committed. */
  public static String receipts(String gateway) {
    return ROOT + gateway + "/down/receipt";
  }

  /** Where a gateway hears which devices it is to ask, QoS 1, retained. */
  public static String desired(String gateway) {
    return ROOT + gateway + "/down/desired";
  }

  /** Where a gateway hears what it is to write, QoS 1, never retained. */
  public static String commands(String gateway) {
    return ROOT + gateway + "/down/command";
  }

  /** The gateway and the kind of an {@code up} topic, or empty when it is none. */
  public static Optional<Up> parseUp(String topic) {
    Matcher m = UP.matcher(topic);
    return m.matches() ? Optional.of(new Up(m.group(1), m.group(2))) : Optional.empty();
  }

  /**
   * Who sent something and of which kind: {@code events}, {@code telemetry}, {@code live} or {@code
   * status}.
   */
  public record Up(String gateway, String kind) {}
}
