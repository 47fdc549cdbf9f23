package io.plantroom.hub.desired;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A desired configuration as the API shows it.
 *
 * @param state waiting until the gateway has told what became of it
 */
record DesiredView(
    String gatewayId,
    String revision,
    String version,
    String text,
    String author,
    String note,
    Instant putAt,
    String state,
    List<String> problems,
    @Nullable Instant reportedAt,
    @Nullable String running) {

  static DesiredView of(ResultSet rs) throws SQLException {
    Timestamp reported = rs.getTimestamp("reported_at");
    return new DesiredView(
        rs.getString("gateway_id"),
        rs.getString("revision"),
        rs.getString("version"),
        rs.getString("body"),
        rs.getString("author"),
        rs.getString("note"),
        rs.getTimestamp("put_at").toInstant(),
        rs.getString("state"),
        List.of((String[]) rs.getArray("problems").getArray()),
        reported == null ? null : reported.toInstant(),
        rs.getString("running_configuration"));
  }
}
