package io.plantroom.yaml;

/**
 * Thrown by a record that is built from a file, when what is wrong stands somewhere below it; the
 * problem is then told with the line of that place.
 */
public final class ProblemAt extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String pointer;

  /**
   * A rule that a part of the record breaks.
   *
   * @param pointer JSON pointer from the record, for instance {@code /alarms/2/when/point}
   */
  public ProblemAt(String pointer, String rule) {
    super(rule);
    this.pointer = pointer;
  }

  public String pointer() {
    return pointer;
  }
}
