package io.plantroom.hub.series;

import io.plantroom.hub.http.ApiException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The tables that numbers can be read from, the finest first. */
enum Resolution {
  RAW("raw", 0, "telemetry"),
  MINUTE("1m", 60, "rollup_1m"),
  QUARTER("15m", 900, "rollup_15m"),
  HOUR("1h", 3600, "rollup_1h"),
  /** Days of the site: not all of them have as many seconds. */
  DAY("1d", 86_400, "rollup_1d");

  private final String key;
  private final long seconds;
  private final String table;

  Resolution(String key, long seconds, String table) {
    this.key = key;
    this.seconds = seconds;
    this.table = table;
  }

  /** As the API writes it. */
  String key() {
    return key;
  }

  long seconds() {
    return seconds;
  }

  String table() {
    return table;
  }

  /** The coarsest one whose buckets fit into steps of so many seconds. */
  static Resolution within(long seconds) {
    Resolution found = RAW;
    for (Resolution r : values()) {
      if (r.seconds <= seconds) {
        found = r;
      }
    }
    return found;
  }

  static Resolution of(String key) {
    for (Resolution r : values()) {
      if (r.key.equals(key.toLowerCase(Locale.ROOT))) {
        return r;
      }
    }
    String all = Arrays.stream(values()).map(Resolution::key).collect(Collectors.joining(", "));
    throw ApiException.badRequest("step", "应为 " + all + " 之一", "expected one of " + all);
  }
}
