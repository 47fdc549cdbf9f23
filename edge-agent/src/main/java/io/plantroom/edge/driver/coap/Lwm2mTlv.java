package io.plantroom.edge.driver.coap;

import io.plantroom.profile.CoapType;
import io.plantroom.profile.PointKind;
import io.plantroom.profile.Raw;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * LwM2M's binary format (OMA LightweightM2M 1.0.2, 6.4.3), by names such as {@code 0/5700}: object
 * instance, resource, and for multiple resources the instance, as far as they stand in the answer.
 *
 * <p>It does not say of what type a value is; the model does. Without its word only what cannot be
 * anything else is taken: texts, states, and numbers of 1 and 2 bytes, which are integers. 4 bytes
 * may be an integer or a floating point number, and a wrong guess would be a wrong bill.
 */
final class Lwm2mTlv implements Told {
  private static final int MOST_NESTED = 3;
  private static final String UNTYPED =
      "TLV does not say of what type a value of 4 or 8 bytes is: the profile must, by coap/type";

  /** Kinds of entries, the highest two bits of their first byte. */
  private static final int OBJECT_INSTANCE = 0;

  private static final int RESOURCE_INSTANCE = 1;
  private static final int MULTIPLE_RESOURCE = 2;
  private static final int RESOURCE = 3;

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
  public @Nullable Raw find(@Nullable String record, PointKind kind, @Nullable CoapType type)
      throws Unreadable {
    byte[] value = Told.named(byName, record);
    if (value == null) {
      return null;
    }
    if (kind == PointKind.TEXT) {
      return new Raw.Text(new String(value, StandardCharsets.UTF_8));
    }
    ByteBuffer bytes = ByteBuffer.wrap(value);
    if (type == null && kind != PointKind.STATE && value.length > Short.BYTES) {
      throw new Unreadable(UNTYPED);
    }
    if (type == CoapType.FLOAT) {
      return real(bytes);
    }
    return type == CoapType.UNSIGNED ? unsigned(value) : whole(bytes);
  }

  @Override
  public Set<String> names() {
    return byName.keySet();
  }

  /** In decimal, as a device shows it: 21.4 as a float is not 21.39999962. */
  private static @Nullable Raw real(ByteBuffer bytes) {
    boolean single = bytes.remaining() == Float.BYTES;
    if (!single && bytes.remaining() != Double.BYTES) {
      return null;
    }
    Raw.Real real = new Raw.Real(single ? bytes.getFloat(0) : bytes.getDouble(0), single);
    BigDecimal exact = real.number();
    return exact == null ? real : new Raw.Exact(exact);
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

  private static @Nullable Raw unsigned(byte[] bytes) {
    return switch (bytes.length) {
      case 1, 2, 4, 8 -> new Raw.Exact(new BigDecimal(new BigInteger(1, bytes)));
      default -> null;
    };
  }

  /**
   * A resource with a new value.
   *
   * @throws IllegalArgumentException when the type cannot hold it, or nobody says the type
   */
  static byte[] resource(int id, BigDecimal number, @Nullable CoapType type) {
    byte[] value = value(number, type);
    boolean longId = id > 0xFF;
    boolean longValue = value.length > 7;
    ByteBuffer out = ByteBuffer.allocate(1 + (longId ? 2 : 1) + (longValue ? 1 : 0) + value.length);
    out.put((byte) (RESOURCE << 6 | (longId ? 0x20 : 0) | (longValue ? 0x08 : value.length)));
    if (longId) {
      out.putShort((short) id);
    } else {
      out.put((byte) id);
    }
    if (longValue) {
      out.put((byte) value.length);
    }
    return out.put(value).array();
  }

  private static byte[] value(BigDecimal number, @Nullable CoapType type) {
    if (type == null) {
      throw new IllegalArgumentException(UNTYPED);
    }
    return switch (type) {
      case BOOLEAN -> new byte[] {(byte) (number.signum() == 0 ? 0 : 1)};
      case FLOAT -> ByteBuffer.allocate(Double.BYTES).putDouble(number.doubleValue()).array();
      case INTEGER, UNSIGNED -> shortest(NewValue.whole(number), type == CoapType.UNSIGNED);
    };
  }

  /** Of 1, 2, 4 or 8 bytes, as integers are written. */
  private static byte[] shortest(long value, boolean unsigned) {
    if (unsigned && value < 0) {
      throw new IllegalArgumentException("an unsigned integer cannot hold " + value);
    }
    int length = 1;
    while (length < Long.BYTES && !fits(value, length, unsigned)) {
      length *= 2;
    }
    byte[] all = ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    return Arrays.copyOfRange(all, Long.BYTES - length, Long.BYTES);
  }

  private static boolean fits(long value, int bytes, boolean unsigned) {
    int bits = 8 * bytes;
    return unsigned ? value >>> bits == 0 : value << (64 - bits) >> (64 - bits) == value;
  }
}
