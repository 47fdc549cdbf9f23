package io.plantroom.yaml;

import java.util.List;

/** A file that is not what it should be. Each problem reads {@code file:line: path: rule}. */
public final class YamlException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  public YamlException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  public YamlException(String problem) {
    this(List.of(problem));
  }

  public List<String> problems() {
    return problems;
  }
}
