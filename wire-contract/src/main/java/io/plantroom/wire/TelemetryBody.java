package io.plantroom.wire;

import io.plantroom.telemetry.Cause;
import io.plantroom.telemetry.Quality;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Samples column by column, so that like stands beside like and packs well:
 *
 * <pre>
 * varint points, then for each: device, point      (texts)
 * for each sample: varint index of its point
 * for each sample: zigzag milliseconds since the sample before (the first: since 1970)
 * for each sample: kind(0 none, 1 analog, 2 counter, 3 state, 4 text) | quality &lt;&lt; 3 | untrusted clock &lt;&lt; 5
 * for each sample that is not good: varint cause
 * for each sample with a value: analog 8 bytes IEEE 754 · counter zigzag scale, varint length, unscaled
 *   two's complement · state zigzag · text
 * </pre>
 */
public final class TelemetryBody {
  private static final int NONE = 0;
  private static final int ANALOG = 1;
  private static final int COUNTER = 2;
  private static final int STATE = 3;
  private static final int TEXT = 4;
  private static final int UNTRUSTED = 1 << 5;
  private static final int MOST_CAUSES = Cause.values().length - 1;

  private TelemetryBody() {}

  /** Also the form in which a gateway keeps samples in its outbox. */
  public static byte[] encode(List<Sample> samples) {
    WireWriter out = new WireWriter(64 + samples.size() * 24);
    Map<PointKey, Integer> points = new LinkedHashMap<>();
    int[] index = new int[samples.size()];
    for (int i = 0; i < index.length; i++) {
      Sample s = samples.get(i);
      PointKey key = new PointKey(s.device(), s.point());
      Integer known = points.get(key);
      if (known == null) {
        known = points.size();
        points.put(key, known);
      }
      index[i] = known;
    }
    out.varint(points.size());
    points.keySet().forEach(p -> out.text(p.device()).text(p.point()));
    for (int i : index) {
      out.varint(i);
    }
    long before = 0;
    for (Sample s : samples) {
      long millis = s.at().toEpochMilli();
      out.zigzag(millis - before);
      before = millis;
    }
    for (Sample s : samples) {
      out.int8(kind(s.value()) | (s.quality().code() << 3) | (s.clockTrusted() ? 0 : UNTRUSTED));
    }
    for (Sample s : samples) {
      if (s.quality() != Quality.GOOD) {
        out.varint(s.cause().code());
      }
    }
    for (Sample s : samples) {
      value(out, s.value());
    }
    return out.toBytes();
  }

  /**
   * What {@link #encode} wrote.
   *
   * @param count how many samples there are; the body does not say it again
   */
  public static List<Sample> decode(byte[] body, int count) throws WireException {
    WireReader in = new WireReader(body, 0, body.length);
    PointKey[] points = new PointKey[in.count("number of points", count)];
    for (int i = 0; i < points.length; i++) {
      points[i] = new PointKey(in.text(), in.text());
    }
    PointKey[] point = new PointKey[count];
    for (int i = 0; i < count; i++) {
      point[i] = points[in.count("index of point", points.length - 1)];
    }
    Instant[] at = new Instant[count];
    long millis = 0;
    for (int i = 0; i < count; i++) {
      long step = in.zigzag();
      millis += step;
      at[i] = step == 0 && i > 0 ? at[i - 1] : Instant.ofEpochMilli(millis);
    }
    byte[] flags = in.bytes(count);
    Cause[] cause = new Cause[count];
    for (int i = 0; i < count; i++) {
      cause[i] =
          quality(flags[i], i) == Quality.GOOD
              ? Cause.NONE
              : Cause.of(in.count("cause", MOST_CAUSES));
    }
    List<Sample> samples = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Value value = value(in, flags[i] & 7, i);
      boolean trusted = (flags[i] & UNTRUSTED) == 0;
      Quality quality = quality(flags[i], i);
      try {
        samples.add(
            new Sample(
                point[i].device(), point[i].point(), at[i], value, quality, cause[i], trusted));
      } catch (IllegalArgumentException e) {
        throw new WireException("sample " + i + ": " + e.getMessage(), e);
      }
    }
    in.end();
    return samples;
  }

  private static Quality quality(byte flags, int sample) throws WireException {
    try {
      return Quality.of((flags >> 3) & 3);
    } catch (IllegalArgumentException e) {
      throw new WireException("sample " + sample + ": " + e.getMessage(), e);
    }
  }

  private static int kind(@Nullable Value value) {
    if (value == null) {
      return NONE;
    }
    if (value instanceof Value.Analog) {
      return ANALOG;
    }
    if (value instanceof Value.Counter) {
      return COUNTER;
    }
    return value instanceof Value.State ? STATE : TEXT;
  }

  private static void value(WireWriter out, @Nullable Value value) {
    if (value instanceof Value.Analog a) {
      out.int64(Double.doubleToLongBits(a.value()));
    } else if (value instanceof Value.Counter c) {
      byte[] unscaled = c.value().unscaledValue().toByteArray();
      out.zigzag(c.value().scale()).varint(unscaled.length).bytes(unscaled);
    } else if (value instanceof Value.State s) {
      out.zigzag(s.code());
    } else if (value instanceof Value.Text t) {
      out.text(t.text());
    }
  }

  private static @Nullable Value value(WireReader in, int kind, int sample) throws WireException {
    return switch (kind) {
      case NONE -> null;
      case ANALOG -> {
        double value = Double.longBitsToDouble(in.int64());
        if (!Double.isFinite(value)) {
          throw new WireException("sample " + sample + ": analog value must be finite");
        }
        yield new Value.Analog(value);
      }
      case COUNTER -> {
        // A register has at most 20 digits and 18 decimals; what says more is damage, or an attack.
        long scale = in.zigzag();
        int length = in.count("length of a counter", 32);
        if (scale < -18 || scale > 18 || length == 0) {
          throw new WireException("sample " + sample + ": a counter of scale " + scale);
        }
        yield new Value.Counter(new BigDecimal(new BigInteger(in.bytes(length)), (int) scale));
      }
      case STATE -> new Value.State((int) in.zigzag());
      case TEXT -> new Value.Text(in.text());
      default ->
          throw new WireException("sample " + sample + ": value kind " + kind + " does not exist");
    };
  }

  private record PointKey(String device, String point) {}
}
