package io.plantroom.edge.driver.coap;

import io.plantroom.profile.CoapType;
import io.plantroom.profile.Point;
import io.plantroom.profile.PointKind;
import io.plantroom.profile.Raw;
import io.plantroom.profile.Writable;
import io.plantroom.profile.WriteFormat;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.Response;
import org.jspecify.annotations.Nullable;

/**
 * A new value for a resource, in the form in which the resource shows its old one: same content
 * format, same name, a yes in the same words. The model may name another format.
 */
final class NewValue {
  private final int format;
  private final byte[] payload;

  private NewValue(int format, byte[] payload) {
    this.format = format;
    this.payload = payload;
  }

  /** Content format, or {@link MediaTypeRegistry#UNDEFINED} for none. */
  int format() {
    return format;
  }

  byte[] payload() {
    return payload;
  }

  /**
   * The value as it is to be sent.
   *
   * @param path of the resource
   * @param shown its answer when it was last read
   * @throws IllegalArgumentException when the resource cannot take it, for instance because it
   *     shows several values, which would all be replaced
   */
  static NewValue of(Point point, String path, Raw wanted, Response shown) {
    BigDecimal number = wanted.number();
    if (number == null) {
      throw new IllegalArgumentException("only numbers and states can be written");
    }
    int format = format(point, shown);
    String name = name(path, shown);
    CoapType type = type(point, shown);
    return new NewValue(
        format,
        switch (format) {
          case MediaTypeRegistry.TEXT_PLAIN, MediaTypeRegistry.UNDEFINED ->
              text(number, type, shown).getBytes(StandardCharsets.UTF_8);
          case MediaTypeRegistry.APPLICATION_SENML_JSON, MediaTypeRegistry.APPLICATION_JSON ->
              SenMlPack.json(name, number, type);
          case MediaTypeRegistry.APPLICATION_SENML_CBOR, MediaTypeRegistry.APPLICATION_CBOR ->
              SenMlPack.cbor(name, number, type);
          case Told.LWM2M_JSON -> SenMlPack.lwm2mJson(name, number, type);
          case Told.LWM2M_TLV -> Lwm2mTlv.resource(id(path), number, type);
          default -> throw new IllegalArgumentException("content format " + format);
        });
  }

  private static int format(Point point, Response shown) {
    Writable writable = point.writable();
    WriteFormat named = writable == null ? null : writable.format();
    if (named == null) {
      return shown.getOptions().getContentFormat();
    }
    return switch (named) {
      case TEXT -> MediaTypeRegistry.TEXT_PLAIN;
      case SENML_JSON -> MediaTypeRegistry.APPLICATION_SENML_JSON;
      case SENML_CBOR -> MediaTypeRegistry.APPLICATION_SENML_CBOR;
      case TLV -> Told.LWM2M_TLV;
    };
  }

  /** As the answer names its only value, so that what calls itself so is what is set. */
  private static String name(String path, Response shown) {
    Set<String> names = told(shown).names();
    if (names.size() != 1) {
      throw new IllegalArgumentException(
          path + " shows " + names.size() + " values, and all of them would be replaced");
    }
    String name = names.iterator().next();
    return name.isEmpty() || shown.getOptions().getContentFormat() == Told.LWM2M_TLV ? path : name;
  }

  /** The model's word, else a yes or no where the answer is one, else null for any number. */
  private static @Nullable CoapType type(Point point, Response shown) {
    CoapType said = Objects.requireNonNull(point.coap(), point.name()).type();
    if (said != null || shown.getOptions().getContentFormat() == Told.LWM2M_TLV) {
      return said;
    }
    try {
      Raw now = told(shown).find(null, PointKind.STATE, null);
      return now instanceof Raw.Whole ? CoapType.BOOLEAN : null;
    } catch (Told.Unreadable e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static Told told(Response shown) {
    try {
      return Told.of(shown.getOptions().getContentFormat(), shown.getPayload());
    } catch (Told.Unreadable e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** A yes is 1 in LwM2M, and true where the device says so. */
  private static String text(BigDecimal number, @Nullable CoapType type, Response shown) {
    if (type != CoapType.BOOLEAN) {
      return plain(number);
    }
    boolean yes = number.signum() != 0;
    boolean words = shown.getPayloadString().strip().matches("true|false");
    return words ? String.valueOf(yes) : yes ? "1" : "0";
  }

  private static String plain(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }

  private static int id(String path) {
    String last = path.substring(path.lastIndexOf('/') + 1);
    if (!last.matches("[0-9]{1,5}") || Integer.parseInt(last) > 0xFFFF) {
      throw new IllegalArgumentException("TLV goes to resources with a number, not to " + path);
    }
    return Integer.parseInt(last);
  }

  /**
   * As an integer.
   *
   * @throws IllegalArgumentException when it is none
   */
  static long whole(BigDecimal number) {
    try {
      return number.longValueExact();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("an integer cannot hold " + number.toPlainString(), e);
    }
  }
}
