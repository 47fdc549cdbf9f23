package io.plantroom.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.path.NodePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a schema found, in words of the person who wrote the file. Where a rule cannot speak for
 * itself (pattern, not, const) its {@code title} in the schema does.
 */
final class SchemaWords {
  private final JsonNode root;
  private final List<Error> errors;

  SchemaWords(Schema schema, List<Error> errors) {
    this.root = schema.getSchemaNode();
    this.errors = errors;
  }

  /** Pointers and rules, in the order in which they were found. */
  List<Map.Entry<String, String>> problems() {
    List<Map.Entry<String, String>> found = new ArrayList<>();
    for (Error e : errors) {
      if (!branchOfAlternatives(e)) {
        found.add(Map.entry(pointer(e), rule(e)));
      }
    }
    return found;
  }

  /** That each alternative is missed says nothing beyond the sentence about all of them. */
  private boolean branchOfAlternatives(Error error) {
    String path = error.getEvaluationPath().toString();
    return errors.stream()
        .anyMatch(
            e ->
                e.getKeyword().equals("oneOf")
                    && path.startsWith(e.getEvaluationPath().toString() + "/"));
  }

  private static String pointer(Error e) {
    String at = e.getInstanceLocation().toString();
    return e.getKeyword().equals("additionalProperties") || e.getKeyword().equals("propertyNames")
        ? at + "/" + e.getProperty().replace("~", "~0").replace("/", "~1")
        : at;
  }

  private String rule(Error e) {
    String got = ", got " + Words.got(e.getInstanceNode());
    String limit = String.valueOf(e.getSchemaNode());
    return switch (e.getKeyword()) {
      case "additionalProperties" -> "unknown key; known here are " + known(e);
      case "required" -> "'" + e.getProperty() + "' is missing";
      case "type" -> "expected " + type(e) + got;
      case "enum" -> "expected one of " + list(e.getSchemaNode()) + got;
      case "pattern" -> "expected " + title(e) + got;
      case "propertyNames" -> "expected " + keyTitle(e) + ", got \"" + e.getProperty() + "\"";
      case "minimum" -> "must be at least " + limit + got;
      case "maximum" -> "must be at most " + limit + got;
      case "exclusiveMinimum" -> "must be above " + limit + got;
      case "minLength", "minItems", "minProperties" -> "must not be empty";
      case "uniqueItems" -> "the same stands twice";
      case "not", "const" -> title(e);
      case "dependentRequired" ->
          "'" + e.getArguments()[1] + "' goes only with '" + e.getArguments()[0] + "'";
      case "oneOf" -> alternatives(e);
      default -> e.getMessage();
    };
  }

  /** Of a text with a pattern, what the pattern wants. */
  private String type(Error e) {
    return parent(e).has("pattern") ? title(e) : Words.type(e.getSchemaNode().asText());
  }

  private static String alternatives(Error e) {
    List<String> keys = new ArrayList<>();
    for (JsonNode branch : e.getSchemaNode()) {
      branch.path("required").forEach(k -> keys.add(k.asText()));
    }
    List<String> present = keys.stream().filter(k -> e.getInstanceNode().has(k)).toList();
    return "needs exactly one of "
        + String.join(", ", keys)
        + (present.isEmpty() ? ", has none" : ", has " + String.join(" and ", present));
  }

  private String known(Error e) {
    List<String> keys = new ArrayList<>();
    parent(e).path("properties").fieldNames().forEachRemaining(keys::add);
    return keys.stream().sorted().collect(Collectors.joining(", "));
  }

  private String title(Error e) {
    return parent(e).path("title").asText(e.getMessage());
  }

  private String keyTitle(Error e) {
    JsonNode keys = e.getSchemaNode();
    JsonNode rule = keys.has("$ref") ? root.at(keys.get("$ref").asText().substring(1)) : keys;
    return rule.path("title").asText(e.getMessage());
  }

  private JsonNode parent(Error e) {
    NodePath keyword = e.getSchemaLocation().getFragment();
    NodePath parent = keyword.getParent();
    return parent == null ? root : root.at(parent.toString());
  }

  private static String list(JsonNode values) {
    List<String> texts = new ArrayList<>();
    values.forEach(v -> texts.add(v.asText()));
    return String.join(", ", texts);
  }
}
