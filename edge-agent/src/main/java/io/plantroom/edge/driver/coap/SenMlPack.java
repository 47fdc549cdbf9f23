package io.plantroom.edge.driver.coap;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import io.plantroom.profile.CoapType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** One value that is to be set, in SenML (RFC 8428) or LwM2M's older JSON. */
final class SenMlPack {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN).build();
  private static final CBORFactory CBOR = new CBORFactory();
  private static final int BASE_NAME = -2;
  private static final int VALUE = 2;
  private static final int FLAG = 4;

  private SenMlPack() {}

  static byte[] json(String name, BigDecimal number, @Nullable CoapType type) {
    ObjectNode entry = JSON.createObjectNode().put("bn", name);
    return bytes(JSON.createArrayNode().add(valued(entry, "vb", number, type)));
  }

  static byte[] lwm2mJson(String name, BigDecimal number, @Nullable CoapType type) {
    ObjectNode pack = JSON.createObjectNode().put("bn", name);
    ObjectNode entry = JSON.createObjectNode().put("n", "");
    pack.putArray("e").add(valued(entry, "bv", number, type));
    return bytes(pack);
  }

  private static ObjectNode valued(
      ObjectNode entry, String flag, BigDecimal number, @Nullable CoapType type) {
    if (type == CoapType.BOOLEAN) {
      return entry.put(flag, number.signum() != 0);
    }
    return isWhole(type) ? entry.put("v", NewValue.whole(number)) : entry.put("v", number);
  }

  private static boolean isWhole(@Nullable CoapType type) {
    return type == CoapType.INTEGER || type == CoapType.UNSIGNED;
  }

  private static byte[] bytes(Object tree) {
    try {
      return JSON.writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] cbor(String name, BigDecimal number, @Nullable CoapType type) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (CBORGenerator out = CBOR.createGenerator(bytes)) {
      out.writeStartArray(null, 1);
      out.writeStartObject(null, 2);
      out.writeFieldId(BASE_NAME);
      out.writeString(name);
      out.writeFieldId(type == CoapType.BOOLEAN ? FLAG : VALUE);
      boolean fraction = number.stripTrailingZeros().scale() > 0;
      if (type == CoapType.BOOLEAN) {
        out.writeBoolean(number.signum() != 0);
      } else if (isWhole(type) || (type == null && !fraction)) {
        out.writeNumber(NewValue.whole(number));
      } else {
        out.writeNumber(number.doubleValue());
      }
      out.writeEndObject();
      out.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
