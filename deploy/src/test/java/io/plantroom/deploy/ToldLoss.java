package io.plantroom.deploy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway has told the hub of records that will never come.
 *
 * @param records how many
 * @param oldest time of the first of them, as far as the gateway knew
 */
record ToldLoss(String reason, long records, @Nullable Instant oldest, @Nullable Instant newest) {
  private static final String LOSSES =
      """
      SELECT reason, to_seq - from_seq + 1, oldest, newest FROM record_loss WHERE lane = 1""";

  /** Those of samples. */
  static List<ToldLoss> read(DemoDatabase database) throws SQLException {
    List<ToldLoss> losses = new ArrayList<>();
    try (Connection connection = HubLedger.connect(database);
        Statement statement = connection.createStatement();
        ResultSet r = statement.executeQuery(LOSSES)) {
      while (r.next()) {
        losses.add(
            new ToldLoss(
                r.getString(1),
                r.getLong(2),
                instant(r.getTimestamp(3)),
                instant(r.getTimestamp(4))));
      }
    }
    return losses;
  }

  private static @Nullable Instant instant(@Nullable Timestamp time) {
    return time == null ? null : time.toInstant();
  }
}
