package io.plantroom.edge.driver.coap;

import io.plantroom.profile.CoapType;
import io.plantroom.profile.PointKind;
import io.plantroom.profile.Raw;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.jspecify.annotations.Nullable;

/** The values that stood in an answer. */
interface Told {
  /**
   * The only value, or the one whose full name is, or ends with, the record's.
   *
   * @param kind of the point
   * @param type of the value by its model, for formats that do not say it
   * @throws Unreadable when its type would have to be guessed
   */
  @Nullable Raw find(@Nullable String record, PointKind kind, @Nullable CoapType type)
      throws Unreadable;

  /** The full names of all values; empty of one that has none. */
  Set<String> names();

  /** Thrown when a payload is not what its content format says. */
  final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(String message) {
      super(message);
    }
  }

  /** Content formats of LwM2M, from the CoAP Content-Formats registry. */
  int LWM2M_TLV = 11542;

  int LWM2M_JSON = 11543;

  static Told of(int format, byte[] payload) throws Unreadable {
    return switch (format) {
      case MediaTypeRegistry.APPLICATION_SENML_JSON, MediaTypeRegistry.APPLICATION_JSON ->
          SenMl.json(payload);
      case MediaTypeRegistry.APPLICATION_SENML_CBOR, MediaTypeRegistry.APPLICATION_CBOR ->
          SenMl.cbor(payload);
      case LWM2M_JSON -> SenMl.lwm2mJson(payload);
      case LWM2M_TLV -> Lwm2mTlv.of(payload);
      case MediaTypeRegistry.TEXT_PLAIN, MediaTypeRegistry.UNDEFINED ->
          SenMl.text(new String(payload, StandardCharsets.UTF_8));
      default -> throw new Unreadable("content format " + format);
    };
  }

  /** Of values by their full names. */
  static <T> @Nullable T named(Map<String, T> byName, @Nullable String record) {
    if (record == null) {
      return byName.size() == 1 ? byName.values().iterator().next() : null;
    }
    T exact = byName.get(record);
    if (exact != null) {
      return exact;
    }
    return byName.entrySet().stream()
        .filter(e -> endsWith(e.getKey(), record))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  /** At the border of a word: {@code 0/5700} does not end with {@code 700}. */
  private static boolean endsWith(String name, String record) {
    int at = name.length() - record.length();
    return name.endsWith(record)
        && (at == 0
            || !Character.isLetterOrDigit(record.charAt(0))
            || !Character.isLetterOrDigit(name.charAt(at - 1)));
  }
}
