package io.plantroom.deploy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Questions to the hub's database that have one number as their answer. */
final class HubQuery {
  private HubQuery() {}

  static long number(DemoDatabase database, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(database.url(), database.user(), database.password());
        Statement statement = connection.createStatement();
        ResultSet r = statement.executeQuery(sql)) {
      r.next();
      return r.getLong(1);
    }
  }
}
