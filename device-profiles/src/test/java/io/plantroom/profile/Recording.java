package io.plantroom.profile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.plantroom.yaml.YamlException;
import io.plantroom.yaml.YamlFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What devices answered, and what it means: {@code recordings/<profile>.yaml}. */
record Recording(String profile, List<Case> cases) {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  /**
   * One moment.
   *
   * @param registers by table and first address; words as on the wire
   * @param opcUa values by node
   * @param coap SenML JSON by path
   * @param expected by point, in its unit; {@code not-available} when the device says so
   */
  record Case(
      String name,
      @Nullable Map<String, Map<String, List<Integer>>> registers,
      @Nullable Map<String, JsonNode> opcUa,
      @Nullable Map<String, String> coap,
      Map<String, JsonNode> expected) {

    /** What the point's address holds. */
    Raw raw(Point point) {
      if (point.address() instanceof PointAddress.Modbus modbus) {
        return RegisterCodec.decode(modbus, words(modbus), 0);
      }
      if (point.address() instanceof PointAddress.OpcUa node) {
        return scalar(in(opcUa, node.node()));
      }
      return senml(in(coap, ((PointAddress.Coap) point.address()).path()));
    }

    private int[] words(PointAddress.Modbus address) {
      String table = address.table().name().toLowerCase(Locale.ROOT).replace('_', '-');
      Map<Integer, Integer> words = new TreeMap<>();
      in(registers, table)
          .forEach(
              (at, values) -> {
                for (int i = 0; i < values.size(); i++) {
                  words.put(Integer.decode(at) + i, values.get(i));
                }
              });
      int[] found = new int[address.registers()];
      Arrays.setAll(found, i -> in(words, address.register() + i));
      return found;
    }

    private static Raw senml(String json) {
      try {
        JsonNode record = JSON.readTree(json).get(0);
        return scalar(record.has("vb") ? record.get("vb") : record.get("v"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static Raw scalar(JsonNode value) {
      if (value.isBoolean()) {
        return Raw.of(value.booleanValue());
      }
      return value.isIntegralNumber()
          ? new Raw.Whole(value.longValue())
          : new Raw.Exact(value.decimalValue());
    }

    private static <K, V> V in(@Nullable Map<K, V> map, K key) {
      V value = map == null ? null : map.get(key);
      if (value == null) {
        throw new AssertionError("the recording holds nothing at " + key);
      }
      return value;
    }
  }

  /** The recording of a built-in model. */
  static Recording of(String profile) throws YamlException {
    String path = "/recordings/" + profile + ".yaml";
    return YamlFile.parse(path, ProfileLoader.resource(path)).as(Recording.class);
  }

  /** Every point means what was expected, and every point occurs in some case. */
  void check(Profile model) {
    assertThat(profile).isEqualTo(model.profile());
    Set<String> seen = new HashSet<>();
    for (Case c : cases) {
      for (Map.Entry<String, JsonNode> expected : c.expected().entrySet()) {
        Point point = model.point(expected.getKey()).orElseThrow();
        assertThat(
                describe(
                    point.quantity(
                        c.raw(point),
                        o -> {
                          Point other = model.point(o).orElseThrow();
                          return other.quantity(c.raw(other)).number();
                        })))
            .as("%s, %s: %s", profile, c.name(), point.name())
            .isEqualTo(describe(expected.getValue(), point));
        seen.add(point.name());
      }
    }
    assertThat(seen)
        .as("points of %s that a recording covers", profile)
        .containsExactlyInAnyOrderElementsOf(model.points().stream().map(Point::name).toList());
  }

  private static String describe(Quantity quantity) {
    if (quantity instanceof Quantity.Analog a) {
      return "analog " + a.value();
    }
    if (quantity instanceof Quantity.Counter c) {
      return "counter " + plain(c.value());
    }
    if (quantity instanceof Quantity.State s) {
      return "state " + s.code();
    }
    if (quantity instanceof Quantity.Text t) {
      return "text " + t.text();
    }
    return quantity instanceof Quantity.NotAvailable ? "not-available" : String.valueOf(quantity);
  }

  private static String describe(JsonNode expected, Point point) {
    if (expected.isTextual() && point.kind() != PointKind.TEXT) {
      return expected.textValue();
    }
    return switch (point.kind()) {
      case ANALOG -> "analog " + expected.doubleValue();
      case TEXT -> "text " + expected.asText();
      case COUNTER -> "counter " + plain(expected.decimalValue());
      default -> "state " + expected.intValue();
    };
  }

  private static String plain(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }
}
