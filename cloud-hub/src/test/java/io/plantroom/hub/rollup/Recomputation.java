package io.plantroom.hub.rollup;

import io.plantroom.telemetry.Quality;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Rollups of one point, made from all its samples in the plainest way there is. */
final class Recomputation {
  /** One row of a rollup; without a good sample the values are null. */
  static final class Row {
    int n;
    int bad;
    double sum;
    @Nullable Double min;
    @Nullable Double max;
    @Nullable Double first;
    @Nullable Instant firstTs;
    @Nullable Double last;
    @Nullable Instant lastTs;
    double area;
    long covered;

    /** Exact but for the average, which is rounded on the way up. */
    String exactly() {
      return "n=%d bad=%d sum=%s min=%s max=%s first=%s@%s last=%s@%s covered=%d"
          .formatted(n, bad, n == 0 ? null : sum, min, max, first, firstTs, last, lastTs, covered);
    }
  }

  private Recomputation() {}

  static Instant start(Instant at, String level, ZoneId zone) {
    return switch (level) {
      case "1m" -> at.truncatedTo(ChronoUnit.MINUTES);
      case "15m" -> Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), 900L) * 900);
      case "1h" -> at.truncatedTo(ChronoUnit.HOURS);
      default -> at.atZone(zone).toLocalDate().atStartOfDay(zone).toInstant();
    };
  }

  static Instant end(Instant start, String level, ZoneId zone) {
    return switch (level) {
      case "1m" -> start.plus(Duration.ofMinutes(1));
      case "15m" -> start.plus(Duration.ofMinutes(15));
      case "1h" -> start.plus(Duration.ofHours(1));
      default -> start.atZone(zone).toLocalDate().plusDays(1).atStartOfDay(zone).toInstant();
    };
  }

  static Map<Instant, Row> numbers(List<Sample> sorted, Duration hold, String level, ZoneId zone) {
    Map<Instant, Row> rows = new TreeMap<>();
    for (Sample s : sorted) {
      Row row = rows.computeIfAbsent(start(s.at(), level, zone), t -> new Row());
      if (good(s) && s.value() instanceof Value.Analog a) {
        row.n++;
        row.sum += a.value();
        row.min = row.min == null ? a.value() : Math.min(row.min, a.value());
        row.max = row.max == null ? a.value() : Math.max(row.max, a.value());
        if (row.firstTs == null) {
          row.first = a.value();
          row.firstTs = s.at();
        }
        row.last = a.value();
        row.lastTs = s.at();
      } else {
        row.bad++;
      }
    }
    for (Stand stand : stands(sorted, hold)) {
      if (stand.sample().value() instanceof Value.Analog a) {
        for (Stand part : stand.parts(level, zone)) {
          Row row = rows.get(start(part.from(), level, zone));
          if (row == null) {
            if (level.equals("1m")) {
              continue; // minutes are only kept where there are samples
            }
            row = new Row();
            rows.put(start(part.from(), level, zone), row);
          }
          row.covered += part.millis();
          row.area += a.value() * part.millis();
        }
      }
    }
    return rows;
  }

  /** Milliseconds by beginning of the bucket and code. */
  static Map<Instant, Map<Integer, Long>> states(
      List<Sample> sorted, Duration hold, String level, ZoneId zone) {
    Map<Instant, Map<Integer, Long>> rows = new TreeMap<>();
    for (Stand stand : stands(sorted, hold)) {
      if (stand.sample().value() instanceof Value.State v) {
        for (Stand part : stand.parts(level, zone)) {
          rows.computeIfAbsent(start(part.from(), level, zone), t -> new TreeMap<>())
              .merge(v.code(), part.millis(), Long::sum);
        }
      }
    }
    return rows;
  }

  /** For how long the value of a sample is taken to stand. */
  private record Stand(Sample sample, Instant from, Instant to) {
    long millis() {
      return Duration.between(from, to).toMillis();
    }

    List<Stand> parts(String level, ZoneId zone) {
      List<Stand> parts = new ArrayList<>();
      Instant at = from;
      while (at.isBefore(to)) {
        Instant end = end(start(at, level, zone), level, zone);
        Instant until = end.isBefore(to) ? end : to;
        parts.add(new Stand(sample, at, until));
        at = until;
      }
      return parts;
    }
  }

  private static List<Stand> stands(List<Sample> sorted, Duration hold) {
    List<Stand> stands = new ArrayList<>();
    for (int i = 0; i < sorted.size(); i++) {
      Sample s = sorted.get(i);
      if (good(s)) {
        Instant until = s.at().plus(hold);
        if (i + 1 < sorted.size() && sorted.get(i + 1).at().isBefore(until)) {
          until = sorted.get(i + 1).at();
        }
        stands.add(new Stand(s, s.at(), until));
      }
    }
    return stands;
  }

  private static boolean good(Sample s) {
    return s.quality() != Quality.BAD && s.value() != null;
  }
}
