package io.plantroom.profile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The schema and the records say the same; else an editor would praise what the loader refuses. */
class SchemaTest {
  private static final JsonNode SCHEMA = schema();

  private static final Map<String, Class<? extends Record>> RECORDS =
      Map.ofEntries(
          Map.entry("", Profile.class),
          Map.entry("/$defs/text", LocalText.class),
          Map.entry("/$defs/limits", Limits.class),
          Map.entry("/$defs/unreadable", Limits.Unreadable.class),
          Map.entry("/$defs/scale-by", ScaleBy.class),
          Map.entry("/$defs/range", Range.class),
          Map.entry("/$defs/writable", Writable.class),
          Map.entry("/$defs/bits", PointAddress.Bits.class),
          Map.entry("/$defs/modbus", PointAddress.Modbus.class),
          Map.entry("/$defs/opc-ua", PointAddress.OpcUa.class),
          Map.entry("/$defs/coap", PointAddress.Coap.class),
          Map.entry("/$defs/state", StateText.class),
          Map.entry("/$defs/point", Point.class),
          Map.entry("/$defs/trigger", Trigger.class),
          Map.entry("/$defs/alarm", AlarmCondition.class),
          Map.entry("/$defs/maintenance", MaintenanceCounter.class),
          Map.entry("/$defs/billing", BillingRegister.class),
          Map.entry("/$defs/simulation", Simulation.class),
          Map.entry("/$defs/fault", Simulation.Fault.class),
          Map.entry("/$defs/signal", Signal.class),
          Map.entry("/$defs/signal/properties/wave", Signal.Wave.class),
          Map.entry("/$defs/signal/properties/integral", Signal.Integral.class),
          Map.entry("/$defs/signal/properties/cycle", Signal.Cycle.class),
          Map.entry("/$defs/signal/properties/edges", Signal.Edges.class),
          Map.entry("/$defs/signal/properties/travel", Signal.Travel.class));

  @Test
  void everyKeyIsAComponentOfItsRecordAndNoOtherKeyIsAllowed() {
    RECORDS.forEach(
        (at, type) -> {
          JsonNode object = SCHEMA.at(at);
          List<String> keys = new ArrayList<>();
          object.path("properties").fieldNames().forEachRemaining(keys::add);
          assertThat(keys)
              .as("keys of '%s'", at)
              .containsExactlyInAnyOrderElementsOf(
                  Arrays.stream(type.getRecordComponents()).map(SchemaTest::key).toList());
          assertThat(object.path("additionalProperties")).as(at).hasToString("false");
        });
  }

  @Test
  void everyConstantOfAnEnumerationCanBeWritten() {
    RECORDS.forEach(
        (at, type) -> {
          for (RecordComponent c : type.getRecordComponents()) {
            if (c.getType().isEnum()) {
              List<String> allowed = new ArrayList<>();
              SCHEMA
                  .at(at + "/properties/" + key(c) + "/enum")
                  .forEach(v -> allowed.add(v.asText()));
              assertThat(allowed)
                  .as(at + "/" + key(c))
                  .containsExactlyElementsOf(
                      Arrays.stream(c.getType().getEnumConstants())
                          .map(v -> ((Enum<?>) v).name().toLowerCase(Locale.ROOT).replace('_', '-'))
                          .toList());
            }
          }
        });
  }

  @Test
  void everyKeyIsExplainedForEditors() {
    RECORDS.forEach(
        (at, type) ->
            SCHEMA
                .at(at + "/properties")
                .forEach(
                    p -> {
                      JsonNode rule =
                          p.has("$ref") && !p.has("description")
                              ? SCHEMA.at(p.get("$ref").asText().substring(1))
                              : p;
                      assertThat(rule.has("description") || rule.has("title"))
                          .as(at + " " + p)
                          .isTrue();
                    }));
  }

  private static String key(RecordComponent component) {
    return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static JsonNode schema() {
    try {
      return new ObjectMapper().readTree(ProfileLoader.resource("/profile.schema.json"));
    } catch (JsonProcessingException e) {
      throw new AssertionError("the schema is not JSON", e);
    }
  }
}
