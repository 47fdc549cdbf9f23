package io.plantroom.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A parsed document as JSON, with the line of every path. Scalars follow YAML 1.2's core, only
 * stricter: {@code no}, {@code 12:30} and the serial numbers {@code 007} and {@code 12E4} stay the
 * text that people mean when they write them.
 */
final class YamlTree {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Pattern INT = Pattern.compile("[-+]?(0|[1-9][0-9]*)");
  private static final Pattern HEX = Pattern.compile("0x[0-9a-fA-F]+");
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(0|[1-9][0-9]*)(\\.[0-9]+([eE][-+]?[0-9]+)?|[eE][-+][0-9]+)");

  /** Aliases can make a small file huge; no honest one comes near. */
  private static final int MOST_VALUES = 200_000;

  private final String file;
  private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private int values;
  private final Map<String, Integer> lines = new HashMap<>();

  YamlTree(String file) {
    this.file = file;
  }

  /** Line of a JSON pointer, or of its nearest parent that stands in the file; counted from 1. */
  int line(String pointer) {
    for (String p = pointer; !p.isEmpty(); p = p.substring(0, p.lastIndexOf('/'))) {
      Integer line = lines.get(p);
      if (line != null) {
        return line;
      }
    }
    return lines.getOrDefault("", 1);
  }

  JsonNode convert(Node node) throws YamlException {
    return convert(node, "");
  }

  private JsonNode convert(Node node, String at) throws YamlException {
    int line = node.getStartMark().getLine() + 1;
    if (++values > MOST_VALUES) {
      throw new YamlException(file + ":" + line + ": more than " + MOST_VALUES + " values");
    }
    if (!open.add(node)) {
      throw new YamlException(file + ":" + line + ": an alias refers to what contains it");
    }
    JsonNode converted = content(node, at);
    open.remove(node);
    return converted;
  }

  private JsonNode content(Node node, String at) throws YamlException {
    lines.putIfAbsent(at, node.getStartMark().getLine() + 1);
    if (node instanceof MappingNode mapping) {
      ObjectNode object = JSON.objectNode();
      for (NodeTuple entry : mapping.getValue()) {
        if (!(entry.getKeyNode() instanceof ScalarNode name)) {
          int line = entry.getKeyNode().getStartMark().getLine() + 1;
          throw new YamlException(file + ":" + line + ": a key must be plain text");
        }
        String key = name.getValue();
        String path = at + "/" + key.replace("~", "~0").replace("/", "~1");
        lines.put(path, entry.getKeyNode().getStartMark().getLine() + 1);
        if (object.has(key)) {
          throw new YamlException(
              file + ":" + lines.get(path) + ": " + path.substring(1) + ": stands twice");
        }
        object.set(key, convert(entry.getValueNode(), path));
      }
      return object;
    }
    if (node instanceof SequenceNode sequence) {
      ArrayNode array = JSON.arrayNode();
      for (Node item : sequence.getValue()) {
        array.add(convert(item, at + "/" + array.size()));
      }
      return array;
    }
    return node instanceof ScalarNode scalar ? scalar(scalar) : JSON.nullNode();
  }

  private static JsonNode scalar(ScalarNode node) {
    String text = node.getValue();
    boolean quoted = !node.isPlain();
    if (quoted || Tag.STR.equals(node.getTag())) {
      return JSON.textNode(text);
    }
    if (text.isEmpty() || text.equals("~") || text.equals("null")) {
      return JSON.nullNode();
    }
    if (text.equals("true") || text.equals("false")) {
      return JSON.booleanNode(text.equals("true"));
    }
    if (INT.matcher(text).matches()) {
      return JSON.numberNode(new BigInteger(text.replace("+", "")));
    }
    if (HEX.matcher(text).matches()) {
      return JSON.numberNode(new BigInteger(text.substring(2), 16));
    }
    return FLOAT.matcher(text).matches()
        ? DecimalNode.valueOf(new BigDecimal(text))
        : JSON.textNode(text);
  }
}
