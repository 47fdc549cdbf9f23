package io.plantroom.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** How types and values are called in errors. */
final class Words {
  private Words() {}

  /** A type of JSON Schema. */
  static String type(String schemaType) {
    return switch (schemaType) {
      case "boolean" -> "true or false";
      case "integer" -> "a whole number";
      case "number" -> "a number";
      case "array" -> "a list";
      case "object" -> "keys with values";
      default -> "text";
    };
  }

  /** What stands in the file: short values as they are, others by their kind. */
  static String got(JsonNode node) {
    return switch (node.getNodeType()) {
      case STRING -> "\"" + node.textValue() + "\"";
      case NULL, MISSING -> "nothing";
      case ARRAY -> "a list";
      case OBJECT -> "keys with values";
      default -> node.asText();
    };
  }

  /** A value that does not fit the field of a record; null when it is about something else. */
  static @Nullable String mismatch(MismatchedInputException e, JsonNode value) {
    Class<?> type = e.getTargetType();
    if (type == null) {
      return null;
    }
    return value.isMissingNode()
        ? "is missing; expected " + type(schemaType(type))
        : "expected " + type(schemaType(type)) + ", got " + got(value);
  }

  private static String schemaType(Class<?> type) {
    if (type == boolean.class || type == Boolean.class) {
      return "boolean";
    }
    if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
      return "integer";
    }
    if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
      return "number";
    }
    if (Collection.class.isAssignableFrom(type)) {
      return "array";
    }
    return type == String.class ? "string" : "object";
  }
}
