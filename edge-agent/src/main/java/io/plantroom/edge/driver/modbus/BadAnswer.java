package io.plantroom.edge.driver.modbus;

import io.plantroom.telemetry.Cause;

/** The unit answered, but not what was asked, or with an error of the protocol. */
final class BadAnswer extends Exception {
  private static final long serialVersionUID = 1L;

  private final Cause reason;
  private final int exception;

  private BadAnswer(Cause reason, int exception, String message) {
    super(message);
    this.reason = reason;
    this.exception = exception;
  }

  /** The unit understood and refused; the line is in step. */
  static BadAnswer refused(int exception) {
    // 10 and 11 are the word of a gateway in between: the unit itself was not heard.
    Cause reason =
        exception == 11
            ? Cause.TIMEOUT
            : exception == 10 ? Cause.NO_CONNECTION : Cause.DEVICE_EXCEPTION;
    return new BadAnswer(reason, exception, "exception " + exception);
  }

  /** What came does not belong to what was asked; nothing on the line can be trusted any more. */
  static BadAnswer mismatch(String message) {
    return new BadAnswer(Cause.INVALID_REPLY, 0, message);
  }

  Cause reason() {
    return reason;
  }

  boolean outOfStep() {
    return exception == 0;
  }

  /** A smaller request may succeed: illegal address or illegal number of registers. */
  boolean addressRefused() {
    return exception == 2 || exception == 3;
  }
}
