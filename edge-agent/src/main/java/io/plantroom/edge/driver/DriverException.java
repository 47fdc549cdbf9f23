package io.plantroom.edge.driver;

import io.plantroom.profile.LocalText;
import io.plantroom.telemetry.Cause;

/** The device as a whole did not answer. The message is English, for logs; the words for people. */
public final class DriverException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Cause reason;
  private final transient LocalText words;

  /** With a text that is the same in every language, such as one of the operating system. */
  public DriverException(Cause reason, String message) {
    this(reason, message, message);
  }

  public DriverException(Cause reason, String message, Throwable cause) {
    this(reason, message, message, cause);
  }

  public DriverException(Cause reason, String zh, String en) {
    super(en);
    this.reason = reason;
    this.words = new LocalText(zh, en);
  }

  public DriverException(Cause reason, String zh, String en, Throwable cause) {
    super(en, cause);
    this.reason = reason;
    this.words = new LocalText(zh, en);
  }

  /** What every point of the device is to carry as its cause. */
  public Cause reason() {
    return reason;
  }

  public LocalText words() {
    return words;
  }
}
