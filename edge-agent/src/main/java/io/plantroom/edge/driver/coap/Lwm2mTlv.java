package io.plantroom.edge.driver.coap;

import io.plantroom.profile.PointKind;
import io.plantroom.profile.Raw;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * LwM2M's binary format (OMA LightweightM2M 1.0.2, 6.4.3), by names such as {@code 0/5700}: object
 * instance, resource, and for multiple resources the instance, as far as they stand in the answer.
 *
 * <p>It does not say of what type a value is. States are integers, texts are texts. Numbers of 4 or
 * 8 bytes are floating point, as the measured values of the registry's objects are, unless they
 * would be impossibly small: integers are written as short as possible, so that one of 4 bytes is
 * above 32767, which as floating point is below 1e-30 up to some 200 million.
 */
final class Lwm2mTlv implements Told {
  private static final int MOST_NESTED = 3;
  private static final double SMALLEST = 1e-30;

  /** Kinds of entries, the highest two bits of their first byte. */
  private static final int OBJECT_INSTANCE = 0;

  private static final int RESOURCE_INSTANCE = 1;
  private static final int MULTIPLE_RESOURCE = 2;

  private final Map<String, byte[]> byName = new LinkedHashMap<>();

  private Lwm2mTlv() {}

  static Lwm2mTlv of(byte[] payload) throws Unreadable {
    Lwm2mTlv values = new Lwm2mTlv();
    values.read(ByteBuffer.wrap(payload), "", 1);
    return values;
  }

  private void read(ByteBuffer in, String before, int depth) throws Unreadable {
    while (in.hasRemaining()) {
      int type = in.get() & 0xFF;
      int id = number(in, (type & 0x20) == 0 ? 1 : 2);
      int bytesOfLength = (type >> 3) & 3;
      int length = bytesOfLength == 0 ? type & 7 : number(in, bytesOfLength);
      if (length > in.remaining()) {
        throw new Unreadable("TLV: an entry is longer than the answer");
      }
      ByteBuffer content = in.slice(in.position(), length);
      in.position(in.position() + length);
      String name = before + id;
      int kind = type >> 6;
      if (kind == OBJECT_INSTANCE || kind == MULTIPLE_RESOURCE) {
        if (depth == MOST_NESTED) {
          throw new Unreadable("TLV: nested too deep");
        }
        read(content, name + "/", depth + 1);
      } else if (kind == RESOURCE_INSTANCE && depth == 1) {
        throw new Unreadable("TLV: a resource instance outside of a resource");
      } else {
        byte[] value = new byte[length];
        content.get(value);
        byName.put(name, value);
      }
    }
  }

  private static int number(ByteBuffer in, int bytes) throws Unreadable {
    if (in.remaining() < bytes) {
      throw new Unreadable("TLV: cut off");
    }
    int number = 0;
    for (int i = 0; i < bytes; i++) {
      number = (number << 8) | (in.get() & 0xFF);
    }
    return number;
  }

  @Override
  public @Nullable Raw find(@Nullable String record, PointKind kind) {
    byte[] value = Told.named(byName, record);
    if (value == null) {
      return null;
    }
    if (kind == PointKind.TEXT) {
      return new Raw.Text(new String(value, StandardCharsets.UTF_8));
    }
    ByteBuffer bytes = ByteBuffer.wrap(value);
    Raw real = kind == PointKind.STATE ? null : real(bytes);
    return real != null ? real : whole(bytes);
  }

  /** In decimal, as a device shows it: 21.4 as a float is not 21.39999962. */
  private static @Nullable Raw real(ByteBuffer bytes) {
    boolean single = bytes.remaining() == Float.BYTES;
    if (!single && bytes.remaining() != Double.BYTES) {
      return null;
    }
    double value = single ? bytes.getFloat(0) : bytes.getDouble(0);
    if (!Double.isFinite(value) || (value != 0 && Math.abs(value) < SMALLEST)) {
      return null;
    }
    BigDecimal exact = new Raw.Real(value, single).number();
    return exact == null ? null : new Raw.Exact(exact);
  }

  private static @Nullable Raw whole(ByteBuffer bytes) {
    return switch (bytes.remaining()) {
      case 1 -> new Raw.Whole(bytes.get(0));
      case 2 -> new Raw.Whole(bytes.getShort(0));
      case 4 -> new Raw.Whole(bytes.getInt(0));
      case 8 -> new Raw.Whole(bytes.getLong(0));
      default -> null;
    };
  }
}
