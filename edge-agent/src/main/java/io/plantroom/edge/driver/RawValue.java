package io.plantroom.edge.driver;

import io.plantroom.profile.Raw;
import io.plantroom.telemetry.Cause;
import io.plantroom.telemetry.Quality;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a device said about a point, before scale and meaning.
 *
 * @param at when the answer came
 * @param raw null exactly when there is none
 */
public record RawValue(String point, Instant at, @Nullable Raw raw, Quality quality, Cause cause) {
  public RawValue {
    if (raw == null && quality != Quality.BAD) {
      throw new IllegalArgumentException("point '" + point + "': no value must be BAD");
    }
  }

  public static RawValue good(String point, Instant at, Raw raw) {
    return new RawValue(point, at, raw, Quality.GOOD, Cause.NONE);
  }

  public static RawValue bad(String point, Instant at, Cause cause) {
    return new RawValue(point, at, null, Quality.BAD, cause);
  }
}
