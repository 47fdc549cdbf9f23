package io.plantroom.simulator.coap;

import io.plantroom.profile.Raw;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Packs of RFC 8428, with the base name in the first record. */
final class Senml {
  private static final int BASE_NAME = -2;
  private static final int NAME = 0;
  private static final int UNIT = 1;
  private static final int VALUE = 2;
  private static final int STRING = 3;
  private static final int BOOLEAN = 4;

  private Senml() {}

  /**
   * The only value of a pack.
   *
   * @param name that it must have
   * @throws RuntimeException when it is anything else
   */
  static Raw value(String pack, String name) {
    JsonArray records = new JsonArray(pack);
    JsonObject only = records.getJsonObject(0);
    String named = only.getString("bn", "") + only.getString("n", "");
    if (records.size() != 1 || !named.equals(name)) {
      throw new IllegalArgumentException("expected " + name + ", got " + pack);
    }
    Boolean flag = only.getBoolean("vb");
    return flag != null ? Raw.of(flag) : number(only.getNumber("v").toString());
  }

  static Raw number(String text) {
    return new Raw.Exact(new BigDecimal(text));
  }

  static byte[] json(String base, List<SenmlRecord> records) {
    JsonArray pack = new JsonArray();
    for (SenmlRecord record : records) {
      JsonObject fields = new JsonObject();
      if (pack.isEmpty()) {
        fields.put("bn", base);
      }
      fields.put("n", record.name());
      if (record.unit() != null) {
        fields.put("u", record.unit());
      }
      String label =
          record.value() instanceof Boolean ? "vb" : record.value() instanceof String ? "vs" : "v";
      pack.add(fields.put(label, record.value()));
    }
    return pack.toBuffer().getBytes();
  }

  static byte[] cbor(String base, List<SenmlRecord> records) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    head(out, 4, records.size());
    boolean first = true;
    for (SenmlRecord record : records) {
      head(out, 5, 2 + (first ? 1 : 0) + (record.unit() == null ? 0 : 1));
      if (first) {
        label(out, BASE_NAME);
        text(out, base);
        first = false;
      }
      label(out, NAME);
      text(out, record.name());
      if (record.unit() != null) {
        label(out, UNIT);
        text(out, record.unit());
      }
      value(out, record.value());
    }
    return out.toByteArray();
  }

  private static void value(ByteArrayOutputStream out, Object value) {
    if (value instanceof Boolean flag) {
      label(out, BOOLEAN);
      out.write(flag ? 0xF5 : 0xF4);
    } else if (value instanceof BigDecimal number) {
      label(out, VALUE);
      number(out, number);
    } else {
      label(out, STRING);
      text(out, value.toString());
    }
  }

  /** Whole numbers as such, others as decimal fractions (tag 4), which lose nothing. */
  private static void number(ByteArrayOutputStream out, BigDecimal number) {
    BigInteger digits = number.unscaledValue();
    if (digits.bitLength() > 62) {
      out.write(0xFB);
      out.writeBytes(ByteBuffer.allocate(8).putDouble(number.doubleValue()).array());
      return;
    }
    if (number.scale() != 0) {
      head(out, 6, 4);
      head(out, 4, 2);
      whole(out, -number.scale());
    }
    whole(out, digits.longValueExact());
  }

  private static void label(ByteArrayOutputStream out, int label) {
    whole(out, label);
  }

  private static void whole(ByteArrayOutputStream out, long n) {
    head(out, n < 0 ? 1 : 0, n < 0 ? -1 - n : n);
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    head(out, 3, bytes.length);
    out.writeBytes(bytes);
  }

  /** Major type and argument of RFC 8949, in the shortest form. */
  private static void head(ByteArrayOutputStream out, int major, long n) {
    int type = major << 5;
    if (n < 24) {
      out.write(type | (int) n);
    } else if (n < 0x100) {
      out.write(type | 24);
      out.write((int) n);
    } else if (n < 0x10000) {
      out.write(type | 25);
      out.writeBytes(ByteBuffer.allocate(2).putShort((short) n).array());
    } else if (n < 0x1_0000_0000L) {
      out.write(type | 26);
      out.writeBytes(ByteBuffer.allocate(4).putInt((int) n).array());
    } else {
      out.write(type | 27);
      out.writeBytes(ByteBuffer.allocate(8).putLong(n).array());
    }
  }
}
