package io.plantroom.edge.poll;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.driver.RawValue;
import io.plantroom.profile.Point;
import io.plantroom.profile.Quantity;
import io.plantroom.profile.Raw;
import io.plantroom.telemetry.Cause;
import io.plantroom.telemetry.Quality;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From what a device said to what it means. Never throws: what makes no sense is a BAD sample. */
public final class Meaning {
  private static final int LONGEST_TEXT = 512;
  private static final int MOST_DIGITS = 60;

  private Meaning() {}

  /**
   * The samples of what was read at once.
   *
   * @param known values of points that scale others, by name: those read earlier, to which those
   *     read now are added
   */
  public static List<Sample> samples(
      DeviceConfig device,
      List<Point> points,
      List<RawValue> values,
      boolean clockTrusted,
      Map<String, BigDecimal> known) {
    Set<String> scaling = device.profile().scalingPoints();
    for (int i = 0; i < values.size() && !scaling.isEmpty(); i++) {
      Raw raw = values.get(i).raw();
      if (raw != null && scaling.contains(points.get(i).name())) {
        BigDecimal number = points.get(i).quantity(raw).number();
        if (number != null) {
          known.put(points.get(i).name(), number);
        }
      }
    }
    List<Sample> samples = new ArrayList<>(values.size());
    for (int i = 0; i < values.size(); i++) {
      samples.add(sample(device.key(), points.get(i), values.get(i), clockTrusted, known));
    }
    return samples;
  }

  /** The sample of a point; its quality says whether the value made sense. */
  public static Sample sample(String device, Point point, RawValue value, boolean clockTrusted) {
    return sample(device, point, value, clockTrusted, Map.of());
  }

  private static Sample sample(
      String device,
      Point point,
      RawValue value,
      boolean clockTrusted,
      Map<String, BigDecimal> known) {
    Raw raw = value.raw();
    if (raw == null) {
      return bad(device, value, value.cause(), clockTrusted);
    }
    Quantity quantity;
    try {
      quantity = point.quantity(raw, known::get);
    } catch (RuntimeException e) {
      // For instance a decimal text with an exponent of two thousand million.
      return bad(device, value, Cause.INVALID_REPLY, clockTrusted);
    }
    if (quantity instanceof Quantity.NotAvailable) {
      return bad(device, value, Cause.NOT_AVAILABLE, clockTrusted);
    }
    Value meant = value(quantity);
    return meant == null
        ? bad(device, value, Cause.OUT_OF_RANGE, clockTrusted)
        : new Sample(
            device, point.name(), value.at(), meant, value.quality(), value.cause(), clockTrusted);
  }

  private static Sample bad(String device, RawValue value, Cause cause, boolean clockTrusted) {
    return new Sample(device, value.point(), value.at(), null, Quality.BAD, cause, clockTrusted);
  }

  /** Null when it does not fit what the wire can carry. */
  private static @Nullable Value value(Quantity quantity) {
    if (quantity instanceof Quantity.Analog a) {
      return Double.isFinite(a.value()) ? new Value.Analog(a.value()) : null;
    }
    if (quantity instanceof Quantity.Counter c) {
      BigDecimal v = c.value();
      boolean fits = v.scale() >= -18 && v.scale() <= 18 && v.precision() <= MOST_DIGITS;
      return fits ? new Value.Counter(v) : null;
    }
    if (quantity instanceof Quantity.State s) {
      return new Value.State(s.code());
    }
    return quantity instanceof Quantity.Text t && t.text().length() <= LONGEST_TEXT
        ? new Value.Text(t.text())
        : null;
  }
}
