package io.plantroom.telemetry;

/**
 * How far a sample can be believed. Codes stand on the wire and in the database: never change one.
 */
public enum Quality {
  GOOD(0),
  UNCERTAIN(1),
  BAD(2);

  private static final Quality[] BY_CODE = values();

  private final int code;

  Quality(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  /**
   * The constant of a code.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static Quality of(int code) {
    if (code < 0 || code >= BY_CODE.length) {
      throw new IllegalArgumentException("quality code " + code + " does not exist");
    }
    return BY_CODE[code];
  }
}
