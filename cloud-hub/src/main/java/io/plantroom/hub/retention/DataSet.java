package io.plantroom.hub.retention;

import io.plantroom.hub.config.RetentionConfig;
import io.plantroom.hub.config.RetentionConfig.Kept;
import java.util.Objects;

/** What grows with time and is kept for a time only. Tables of registers are not among it. */
enum DataSet {
  SAMPLES("telemetry", "ts", true),
  STATES("telemetry_state", "ts", true),
  MINUTES("rollup_1m", "bucket", true),
  QUARTERS("rollup_15m", "bucket", true),
  HOURS("rollup_1h", "bucket", false),
  DAYS("rollup_1d", "bucket", false),
  STATE_HOURS("rollup_state_1h", "bucket", false),
  STATE_DAYS("rollup_state_1d", "bucket", false);

  private final String table;
  private final String time;
  private final boolean pieces;

  DataSet(String table, String time, boolean pieces) {
    this.table = table;
    this.time = time;
    this.pieces = pieces;
  }

  String table() {
    return table;
  }

  /** Its column of time. */
  String time() {
    return time;
  }

  /** Whether it lies in chunks or partitions by time, which can be dropped as a whole. */
  boolean inPieces() {
    return pieces;
  }

  /** Whether points of a class have data here, but for what a wrong profile once brought. */
  boolean holds(String pointClass) {
    boolean ofStates = this == STATES || this == STATE_HOURS || this == STATE_DAYS;
    return switch (pointClass) {
      case "state" -> ofStates;
      case "measurement" -> !ofStates;
      case "diagnostic" -> true;
      default -> false;
    };
  }

  /** Days for a class at a site; what is of another class than usual here is kept as is usual. */
  int days(RetentionConfig config, String site, String pointClass) {
    String usual =
        this == STATES || this == STATE_HOURS || this == STATE_DAYS ? "state" : "measurement";
    Kept kept = config.of(site, pointClass.equals("diagnostic") ? pointClass : usual);
    return Objects.requireNonNull(
        switch (this) {
          case SAMPLES, STATES -> kept.samples();
          case MINUTES -> kept.minutes();
          case QUARTERS -> kept.quarters();
          case HOURS, STATE_HOURS -> kept.hours();
          case DAYS, STATE_DAYS -> kept.days();
        });
  }
}
