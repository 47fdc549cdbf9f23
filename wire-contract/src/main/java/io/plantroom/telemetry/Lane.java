package io.plantroom.telemetry;

/**
 * One of the two independent sequences of a gateway's outbox: alarms and state changes never wait
 * behind a backlog of telemetry. Codes stand on the wire and in the database: never change one.
 */
public enum Lane {
  EVENTS(0),
  TELEMETRY(1);

  private static final Lane[] BY_CODE = values();

  private final int code;

  Lane(int code) {
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
  public static Lane of(int code) {
    if (code < 0 || code >= BY_CODE.length) {
      throw new IllegalArgumentException("lane code " + code + " does not exist");
    }
    return BY_CODE[code];
  }
}
