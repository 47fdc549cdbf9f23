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
  private final Duration heartbeat;
  private final Map<String, Point> points = new HashMap<>();
  private final Map<String, Sample> told = new HashMap<>();

  /**
   * For the points of one device.
   *
   * @param heartbeat of points that do not say one themselves
   */
  public ReportFilter(List<Point> points, Duration heartbeat) {
    this.heartbeat = heartbeat;
    points.forEach(p -> this.points.put(p.name(), p));
  }

  /** Those of the samples that are worth telling, in their order. */
  public List<Sample> worthTelling(List<Sample> samples) {
    List<Sample> worth = new ArrayList<>();
    for (Sample s : samples) {
      Point point = points.get(s.point());
      if (point != null && isWorth(point, told.get(s.point()), s)) {
        told.put(s.point(), s);
        worth.add(s);
      }
    }
    return worth;
  }

  /** These could not be told after all: what is read next is told in their place. */
  void forget(List<Sample> untold) {
    untold.forEach(s -> told.remove(s.point()));
  }

  private Duration heartbeat(Point point) {
    return point.heartbeat() == null ? heartbeat : point.heartbeat();
  }

  private boolean isWorth(Point point, @Nullable Sample before, Sample now) {
    if (before == null
        || before.quality() != now.quality()
        || before.cause() != now.cause()
        // Absolute: the clock may have been set back.
        || Duration.between(before.at(), now.at()).abs().compareTo(heartbeat(point)) >= 0) {
      return true;
    }
    if (now.value() == null) {
      return false;
    }
    if (point.kind() == PointKind.COUNTER) {
      // A word that was heard may be read again before there is a newer one.
      return !now.at().equals(before.at()) || !now.value().equals(before.value());
    }
    if (point.kind() == PointKind.ANALOG
        && before.value() instanceof Value.Analog a
        && now.value() instanceof Value.Analog b) {
      double change = Math.abs(a.value() - b.value());
      return change > 0 && change >= point.threshold();
    }
    return !Objects.equals(before.value(), now.value());
  }
}
