package io.plantroom.yaml;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/**
 * One YAML file. Keys are written in kebab-case, durations as {@code 500ms}, {@code 30s}, {@code
 * 5m}, {@code 2h}, {@code 7d}. A key that the record does not have is an error. Immutable.
 */
public final class YamlFile {
  private static final ObjectMapper RECORDS =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .addModule(
              new SimpleModule()
                  .addDeserializer(Duration.class, new DurationText())
                  .addDeserializer(boolean.class, new Flag())
                  .setDeserializerModifier(new KebabEnums()))
          .build();

  private final String name;
  private final JsonNode tree;
  private final YamlTree lines;

  private YamlFile(String name, JsonNode tree, YamlTree lines) {
    this.name = name;
    this.tree = tree;
    this.lines = lines;
  }

  /**
   * Reads a file.
   *
   * @throws YamlException when the file is missing, unreadable or not YAML
   */
  public static YamlFile read(Path file) throws YamlException {
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new YamlException(file + ": this file does not exist");
    } catch (IOException e) {
      throw new YamlException(file + ": cannot be read: " + e.getMessage());
    }
  }

  /**
   * Reads a text.
   *
   * @param name how errors call this text
   */
  public static YamlFile parse(String name, String text) throws YamlException {
    LoaderOptions options = new LoaderOptions();
    options.setMaxAliasesForCollections(50);
    options.setNestingDepthLimit(30);
    try {
      Node root = new Yaml(options).compose(new StringReader(text));
      if (root == null) {
        throw new YamlException(name + ": the file is empty");
      }
      YamlTree lines = new YamlTree(name);
      return new YamlFile(name, lines.convert(root), lines);
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      throw new YamlException(name + ":" + line + ": not YAML: " + e.getProblem());
    } catch (YAMLException e) {
      throw new YamlException(name + ": not YAML: " + e.getMessage());
    }
  }

  public String name() {
    return name;
  }

  /** Refuses the file with all problems that the schema finds. */
  public void check(Schema schema) throws YamlException {
    List<Error> errors = schema.validate(tree.toString(), InputFormat.JSON);
    List<String> problems =
        new SchemaWords(schema, errors)
            .problems().stream()
                .sorted(Comparator.comparingInt(p -> lines.line(p.getKey())))
                .map(p -> problem(p.getKey(), p.getValue()))
                .distinct()
                .toList();
    if (!problems.isEmpty()) {
      throw new YamlException(problems);
    }
  }

  /** The file as a record; the record's own checks speak through the same error. */
  public <T> T as(Class<T> type) throws YamlException {
    try {
      return RECORDS.treeToValue(tree, type);
    } catch (UnrecognizedPropertyException e) {
      throw new YamlException(
          problem(
              pointer(e),
              "unknown key; known here are "
                  + e.getKnownPropertyIds().stream()
                      .map(String::valueOf)
                      .sorted()
                      .collect(Collectors.joining(", "))));
    } catch (JsonMappingException e) {
      throw new YamlException(mapping(e));
    } catch (JsonProcessingException e) {
      throw new YamlException(name + ": " + e.getOriginalMessage());
    }
  }

  /** A problem at a JSON pointer, in the form all problems have. */
  public String problem(String pointer, String rule) {
    String path = pointer.isEmpty() ? "" : pointer.substring(1) + ": ";
    return name + ":" + lines.line(pointer) + ": " + path + rule;
  }

  private String mapping(JsonMappingException e) {
    String at = pointer(e);
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof ProblemAt p) {
        return problem(at + p.pointer(), String.valueOf(p.getMessage()));
      }
      if (t instanceof IllegalArgumentException && t.getMessage() != null) {
        return problem(at, t.getMessage());
      }
      if (t instanceof NullPointerException) {
        return problem(at, "something is missing here");
      }
    }
    String words = e instanceof MismatchedInputException m ? Words.mismatch(m, tree.at(at)) : null;
    return problem(at, words == null ? e.getOriginalMessage() : words);
  }

  private static String pointer(JsonMappingException e) {
    return e.getPath().stream()
        .map(
            r -> "/" + (r.getFieldName() == null ? String.valueOf(r.getIndex()) : r.getFieldName()))
        .collect(Collectors.joining());
  }
}
