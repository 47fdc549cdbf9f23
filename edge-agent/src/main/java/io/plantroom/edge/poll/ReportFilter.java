package io.plantroom.edge.poll;

import io.plantroom.profile.Point;
import io.plantroom.profile.PointKind;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Report by exception: counters on every read, the rest when it changes by its deadband or more, in
 * quality, or when the last report is a heartbeat old, so that silence is never ambiguous. Not
 * thread-safe.
 */
public final class ReportFilter {
  private final Map<String, Told> points = new HashMap<>();

  /** A point, and what was told of it last. */
  private static final class Told {
    final PointKind kind;
    final double threshold;
    final long heartbeatMillis;
    @Nullable Sample last;

    Told(Point point, Duration heartbeat) {
      kind = point.kind();
      threshold = point.threshold();
      heartbeatMillis = (point.heartbeat() == null ? heartbeat : point.heartbeat()).toMillis();
    }
  }

  /**
   * For the points of one device.
   *
   * @param heartbeat of points that do not say one themselves
   */
  public ReportFilter(List<Point> points, Duration heartbeat) {
    points.forEach(p -> this.points.put(p.name(), new Told(p, heartbeat)));
  }

  /** Those of the samples that are worth telling, in their order. */
  public List<Sample> worthTelling(List<Sample> samples) {
    List<Sample> worth = new ArrayList<>();
    for (Sample s : samples) {
      Told told = points.get(s.point());
      if (told != null && isWorth(told, told.last, s)) {
        told.last = s;
        worth.add(s);
      }
    }
    return worth;
  }

  /** These could not be told after all: what is read next is told in their place. */
  void forget(List<Sample> untold) {
    for (Sample s : untold) {
      Told told = points.get(s.point());
      if (told != null) {
        told.last = null;
      }
    }
  }

  private static boolean isWorth(Told point, @Nullable Sample before, Sample now) {
    if (before == null
        || before.quality() != now.quality()
        || before.cause() != now.cause()
        // Absolute: the clock may have been set back.
        || Math.abs(now.at().toEpochMilli() - before.at().toEpochMilli())
            >= point.heartbeatMillis) {
      return true;
    }
    if (now.value() == null) {
      return false;
    }
    if (point.kind == PointKind.COUNTER) {
      // A word that was heard may be read again before there is a newer one.
      return !now.at().equals(before.at()) || !now.value().equals(before.value());
    }
    if (point.kind == PointKind.ANALOG
        && before.value() instanceof Value.Analog a
        && now.value() instanceof Value.Analog b) {
      double change = Math.abs(a.value() - b.value());
      return change > 0 && change >= point.threshold;
    }
    return !Objects.equals(before.value(), now.value());
  }
}
