package io.plantroom.deploy;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A row of the hub's database with a value of a tally device.
 *
 * @param timeKnown whether the hub holds the time to be true
 * @param table where it stands
 */
record Stored(
    String device, String point, String value, Instant at, boolean timeKnown, String table) {

  // A double is read as the shortest text that is the same number, so it is compared exactly.
  private static final String ROWS =
      """
      SELECT d.key, p.name, s.* FROM (
        SELECT point_id, value::text AS v, ts, clock_trusted AS known, 'telemetry' AS t
          FROM telemetry
        UNION ALL SELECT point_id, coalesce(state::text, text_value), ts, clock_trusted,
          'telemetry_state' FROM telemetry_state
        UNION ALL SELECT point_id, value::text, ts, clock_trusted, 'register_sample'
          FROM register_sample
        UNION ALL SELECT point_id, coalesce(value::text, register::text, state::text, text_value),
          ts, clock_trusted, 'sample_conflict' FROM sample_conflict
        UNION ALL SELECT point_id, coalesce(value::text, register::text, state::text, text_value),
          to_timestamp(at_millis / 1000.0), false, 'sample_suspect' FROM sample_suspect
      ) s JOIN point p ON p.id = s.point_id JOIN device d ON d.id = p.device_id
      WHERE d.key LIKE 'tally-%' AND s.v IS NOT NULL""";

  /** All of them, in one statement, so of one moment. Samples without a value are left out. */
  static List<Stored> read(DemoDatabase database) throws SQLException {
    List<Stored> rows = new ArrayList<>();
    try (Connection connection = HubLedger.connect(database);
        Statement statement = connection.createStatement();
        ResultSet r = statement.executeQuery(ROWS)) {
      while (r.next()) {
        rows.add(
            new Stored(
                r.getString(1),
                r.getString(2),
                plain(r.getString("v")),
                r.getTimestamp("ts").toInstant(),
                r.getBoolean("known"),
                r.getString("t")));
      }
    }
    return rows;
  }

  /** A number as the ledger writes it: 2.654435761e+09 is 2654435761. */
  private static String plain(String value) {
    return value.matches("-?[0-9.]+(e[+-]?[0-9]+)?")
        ? new BigDecimal(value).stripTrailingZeros().toPlainString()
        : value;
  }
}
