package io.plantroom.deploy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
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

  private static final String MARK =
      """
      SELECT
        (SELECT coalesce(sum(last_seq), 0) FROM ingest_watermark WHERE lane = ? AND epoch = ?),
        (SELECT coalesce(sum(to_seq - from_seq + 1), 0) FROM ingest_gap WHERE lane = ? AND epoch = ?)""";

  private static final String SET_ASIDE =
      """
      INSERT INTO quarantine (sha256, topic, payload, reason, gateway_id)
      SELECT sha256('\\x010203'), 'plantroom/v1/' || code || '/up/telemetry', '\\x010203', ?, id
        FROM gateway WHERE code = ?""";

  /** How far one queue of the gateway is settled, and how much of it was given up. */
  record Mark(long sequence, long gaps) {}

  /** All in one statement, so at one moment. */
  static HubLedger read(DemoDatabase database) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet r = statement.executeQuery(COUNT)) {
      r.next();
      return new HubLedger(
          r.getLong(1), r.getLong(2), r.getLong(3), r.getLong(4), r.getLong(5), r.getLong(6));
    }
  }

  /** The mark of a lane and epoch; the demo has one gateway. */
  static Mark mark(DemoDatabase database, int lane, long epoch) throws SQLException {
    try (Connection connection = connect(database);
        PreparedStatement statement = connection.prepareStatement(MARK)) {
      for (int i = 1; i <= 3; i += 2) {
        statement.setInt(i, lane);
        statement.setLong(i + 1, epoch);
      }
      try (ResultSet r = statement.executeQuery()) {
        r.next();
        return new Mark(r.getLong(1), r.getLong(2));
      }
    }
  }

  /** As if the gateway had sent something that is no frame. */
  static void setAside(DemoDatabase database, String gateway, String reason) throws SQLException {
    try (Connection connection = connect(database);
        PreparedStatement statement = connection.prepareStatement(SET_ASIDE)) {
      statement.setString(1, reason);
      statement.setString(2, gateway);
      statement.executeUpdate();
    }
  }

  static Connection connect(DemoDatabase database) throws SQLException {
    return DriverManager.getConnection(
        database.url() + "?connectTimeout=5&socketTimeout=10",
        database.user(),
        database.password());
  }
}
