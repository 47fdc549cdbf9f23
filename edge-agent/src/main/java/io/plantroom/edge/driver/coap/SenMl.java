package io.plantroom.edge.driver.coap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.plantroom.profile.CoapType;
import io.plantroom.profile.PointKind;
import io.plantroom.profile.Raw;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values of an answer: SenML in JSON or CBOR (RFC 8428), LwM2M's older JSON, or plain text of a
 * single one. Of several records with one name the last holds.
 */
final class SenMl implements Told {
  private static final int MOST_DIGITS = 40;
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
  private static final ObjectMapper CBOR = new CBORMapper();

  private final Map<String, Raw> byName = new LinkedHashMap<>();

  private SenMl() {}

  /** The labels of a record: letters in JSON, numbers in CBOR. */
  private record Labels(
      String baseName, String baseValue, String name, String value, String flag, String text) {
    static final Labels SENML_JSON = new Labels("bn", "bv", "n", "v", "vb", "vs");
    static final Labels SENML_CBOR = new Labels("-2", "-5", "0", "2", "4", "3");
    static final Labels LWM2M = new Labels("bn", "", "n", "v", "bv", "sv");
  }

  static SenMl json(byte[] payload) throws Unreadable {
    return pack(tree(JSON, payload, "JSON"), "", Labels.SENML_JSON);
  }

  static SenMl cbor(byte[] payload) throws Unreadable {
    return pack(tree(CBOR, payload, "CBOR"), "", Labels.SENML_CBOR);
  }

  static SenMl lwm2mJson(byte[] payload) throws Unreadable {
    JsonNode object = tree(JSON, payload, "JSON");
    return pack(object.path("e"), object.path("bn").asText(""), Labels.LWM2M);
  }

  private static JsonNode tree(ObjectMapper mapper, byte[] payload, String what) throws Unreadable {
    try {
      return mapper.readTree(payload);
    } catch (JsonProcessingException e) {
      throw new Unreadable("not " + what + ": " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new Unreadable("not " + what + ": " + e.getMessage());
    }
  }

  private static SenMl pack(@Nullable JsonNode pack, String before, Labels labels)
      throws Unreadable {
    if (pack == null || !pack.isArray()) {
      throw new Unreadable("SenML is an array of records");
    }
    SenMl values = new SenMl();
    String base = before;
    BigDecimal baseValue = BigDecimal.ZERO;
    for (JsonNode item : pack) {
      base = item.path(labels.baseName).asText(base);
      baseValue = item.has(labels.baseValue) ? number(item.get(labels.baseValue)) : baseValue;
      Raw raw = value(item, baseValue, labels);
      if (raw != null) {
        values.byName.put(base + item.path(labels.name).asText(""), raw);
      }
    }
    return values;
  }

  static SenMl text(String payload) throws Unreadable {
    String text = payload.strip();
    SenMl values = new SenMl();
    Raw raw;
    if (text.equals("true") || text.equals("false")) {
      raw = Raw.of(text.equals("true"));
    } else {
      try {
        raw = new Raw.Exact(bounded(new BigDecimal(text)));
      } catch (NumberFormatException e) {
        raw = new Raw.Text(text);
      }
    }
    values.byName.put("", raw);
    return values;
  }

  @Override
  public @Nullable Raw find(@Nullable String record, PointKind kind, @Nullable CoapType type) {
    return Told.named(byName, record);
  }

  @Override
  public Set<String> names() {
    return byName.keySet();
  }

  private static @Nullable Raw value(JsonNode item, BigDecimal baseValue, Labels labels)
      throws Unreadable {
    if (item.has(labels.value)) {
      return new Raw.Exact(baseValue.add(number(item.get(labels.value))));
    }
    if (item.path(labels.flag).isBoolean()) {
      return Raw.of(item.get(labels.flag).booleanValue());
    }
    JsonNode text = item.path(labels.text);
    return text.isTextual() ? new Raw.Text(text.textValue()) : null;
  }

  private static BigDecimal number(JsonNode node) throws Unreadable {
    if (!node.isNumber()) {
      throw new Unreadable("expected a number, got " + node);
    }
    if (node.isFloat() || node.isDouble()) {
      return binary(node);
    }
    return bounded(node.decimalValue());
  }

  /** The shortest decimal that means this binary number: 21.4 as a float is not 21.39999962. */
  private static BigDecimal binary(JsonNode node) throws Unreadable {
    if (!Double.isFinite(node.doubleValue())) {
      throw new Unreadable("not a finite number");
    }
    return bounded(
        new BigDecimal(
            node.isFloat()
                ? Float.toString(node.floatValue())
                : Double.toString(node.doubleValue())));
  }

  /** A number of a few bytes can ask for thousands of millions of digits: 1e999999999. */
  private static BigDecimal bounded(BigDecimal number) throws Unreadable {
    if (number.precision() > MOST_DIGITS || Math.abs((long) number.scale()) > MOST_DIGITS) {
      throw new Unreadable("a number of more than " + MOST_DIGITS + " digits");
    }
    return number;
  }
}
