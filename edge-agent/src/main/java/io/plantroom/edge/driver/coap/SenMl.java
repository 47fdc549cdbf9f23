package io.plantroom.edge.driver.coap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.plantroom.profile.Raw;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of an answer: SenML in JSON (RFC 8428), or plain text of a single one. */
final class SenMl {
  private static final int MOST_DIGITS = 40;
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private final Map<String, Raw> byName = new LinkedHashMap<>();

  private SenMl() {}

  /** Thrown when a payload is not what its content format says. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(String message) {
      super(message);
    }
  }

  static SenMl json(byte[] payload) throws Unreadable {
    JsonNode pack;
    try {
      pack = JSON.readTree(payload);
    } catch (JsonProcessingException e) {
      throw new Unreadable("not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new Unreadable("not JSON: " + e.getMessage());
    }
    if (pack == null || !pack.isArray()) {
      throw new Unreadable("SenML is an array of records");
    }
    SenMl values = new SenMl();
    String base = "";
    BigDecimal baseValue = BigDecimal.ZERO;
    for (JsonNode item : pack) {
      base = item.path("bn").asText(base);
      baseValue = item.has("bv") ? number(item.get("bv")) : baseValue;
      Raw raw = value(item, baseValue);
      if (raw != null) {
        values.byName.put(base + item.path("n").asText(""), raw);
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

  /** The only value, or the one whose full name is, or ends with, the record's. */
  @Nullable Raw find(@Nullable String record) {
    if (record == null) {
      return byName.size() == 1 ? byName.values().iterator().next() : null;
    }
    Raw exact = byName.get(record);
    if (exact != null) {
      return exact;
    }
    return byName.entrySet().stream()
        .filter(e -> e.getKey().endsWith(record))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  private static @Nullable Raw value(JsonNode item, BigDecimal baseValue) throws Unreadable {
    if (item.has("v")) {
      return new Raw.Exact(baseValue.add(number(item.get("v"))));
    }
    if (item.path("vb").isBoolean()) {
      return Raw.of(item.get("vb").booleanValue());
    }
    return item.path("vs").isTextual() ? new Raw.Text(item.get("vs").textValue()) : null;
  }

  private static BigDecimal number(JsonNode node) throws Unreadable {
    if (!node.isNumber()) {
      throw new Unreadable("expected a number, got " + node);
    }
    return bounded(node.decimalValue());
  }

  /** A number of a few bytes can ask for thousands of millions of digits: 1e999999999. */
  private static BigDecimal bounded(BigDecimal number) throws Unreadable {
    if (number.precision() > MOST_DIGITS || Math.abs((long) number.scale()) > MOST_DIGITS) {
      throw new Unreadable("a number of more than " + MOST_DIGITS + " digits");
    }
    return number;
  }
}
