package io.plantroom.deploy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What the hub's database holds, counted by sequence: every number once, in exactly one table. */
record HubLedger(
    long telemetryMark,
    long telemetryGaps,
    long samples,
    long eventMark,
    long eventGaps,
    long events) {

  private static final String COUNT =
      """
      SELECT
        (SELECT coalesce(sum(last_seq), 0) FROM ingest_watermark WHERE lane = 1),
        (SELECT coalesce(sum(to_seq - from_seq + 1), 0) FROM ingest_gap WHERE lane = 1),
        (SELECT count(*) FROM telemetry) + (SELECT count(*) FROM telemetry_state)
          + (SELECT count(*) FROM register_sample) + (SELECT count(*) FROM sample_conflict)
          + (SELECT count(*) FROM sample_suspect),
        (SELECT coalesce(sum(last_seq), 0) FROM ingest_watermark WHERE lane = 0),
        (SELECT coalesce(sum(to_seq - from_seq + 1), 0) FROM ingest_gap WHERE lane = 0),
        (SELECT count(*) FROM event_log)""";

  /** All in one statement, so at one moment. */
  static HubLedger read(DemoDatabase database) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(database.url(), database.user(), database.password());
        Statement statement = connection.createStatement();
        ResultSet r = statement.executeQuery(COUNT)) {
      r.next();
      return new HubLedger(
          r.getLong(1), r.getLong(2), r.getLong(3), r.getLong(4), r.getLong(5), r.getLong(6));
    }
  }
}
