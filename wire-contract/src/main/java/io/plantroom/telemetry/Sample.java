package io.plantroom.telemetry;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * One value of one point at one time.
 *
 * @param device key of the device, unique on its gateway
 * @param point name of the point in the device's profile
 * @param at when the device answered, UTC, in milliseconds (finer parts are cut off)
 * @param value null exactly when the point could not be read
 * @param clockTrusted whether the gateway's clock was synchronised at {@code at}
 */
public record Sample(
    String device,
    String point,
    Instant at,
    @Nullable Value value,
    Quality quality,
    Cause cause,
    boolean clockTrusted) {

  public Sample {
    if (device.isEmpty() || device.indexOf('/') >= 0) {
      throw new IllegalArgumentException("device key '" + device + "' must be non-empty without /");
    }
    if (point.isEmpty()) {
      throw new IllegalArgumentException("device '" + device + "': point name is empty");
    }
    if (value == null && quality != Quality.BAD) {
      throw new IllegalArgumentException(
          device + "/" + point + ": a sample without a value must be BAD");
    }
    if (quality != Quality.GOOD && cause == Cause.NONE) {
      throw new IllegalArgumentException(
          device + "/" + point + ": a " + quality + " sample needs a cause");
    }
    at = at.truncatedTo(ChronoUnit.MILLIS);
  }

  public static Sample good(String device, String point, Instant at, Value value) {
    return new Sample(device, point, at, value, Quality.GOOD, Cause.NONE, true);
  }

  public static Sample bad(String device, String point, Instant at, Cause cause) {
    return new Sample(device, point, at, null, Quality.BAD, cause, true);
  }

  public Sample withClockTrusted(boolean trusted) {
    return new Sample(device, point, at, value, quality, cause, trusted);
  }
}
