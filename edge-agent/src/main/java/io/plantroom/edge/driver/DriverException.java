package io.plantroom.edge.driver;

import io.plantroom.telemetry.Cause;

/** The device as a whole did not answer. The message is for people. */
public final class DriverException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Cause reason;

  public DriverException(Cause reason, String message) {
    super(message);
    this.reason = reason;
  }

  public DriverException(Cause reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** What every point of the device is to carry as its cause. */
  public Cause reason() {
    return reason;
  }
}
