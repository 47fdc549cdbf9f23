package io.plantroom.telemetry;

/** Why a sample is not good. Codes stand on the wire and in the database: never change one. */
public enum Cause {
  NONE(0),
  /** The device did not answer in time. */
  TIMEOUT(1),
  /** No connection to the device or its bus. */
  NO_CONNECTION(2),
  /** The device answered with an error of its protocol. */
  DEVICE_EXCEPTION(3),
  /** The answer did not fit the question: wrong length, wrong unit, unreadable payload. */
  INVALID_REPLY(4),
  /** The device says that it has no value for this point. */
  NOT_AVAILABLE(5),
  /** The value does not fit its declared type or range. */
  OUT_OF_RANGE(6),
  /** The last value is older than its promised lifetime. */
  STALE(7),
  /** The device marks its own value as doubtful. */
  DEVICE_DOUBT(8);

  private static final Cause[] BY_CODE = values();

  private final int code;

  Cause(int code) {
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
  public static Cause of(int code) {
    if (code < 0 || code >= BY_CODE.length) {
      throw new IllegalArgumentException("cause code " + code + " does not exist");
    }
    return BY_CODE[code];
  }
}
