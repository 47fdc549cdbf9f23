package io.plantroom.bench.database;

import io.plantroom.bench.Folders;
import io.plantroom.deploy.TimescaleDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** TimescaleDB's Apache edition, out of Debian's packages. The first step takes half a minute. */
final class Apache {
  private static final Path SCRIPT = Path.of("deploy/timescaledb/timescaledb");

  private Apache() {}

  static Server start() throws IOException, InterruptedException {
    Path folder = Folders.fresh();
    // The server runs as another user when this runs as root.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    TimescaleDatabase database = TimescaleDatabase.start(SCRIPT.toAbsolutePath(), folder);
    try {
      set(database);
      return Server.ofThisMachine(
          database.url(),
          database.user(),
          database.password(),
          () -> {
            database.close();
            Folders.delete(folder);
          });
    } catch (SQLException e) {
      database.close();
      Folders.delete(folder);
      throw new IOException(e);
    }
  }

  private static void set(TimescaleDatabase database)
      throws IOException, InterruptedException, SQLException {
    try (Connection connection =
            DriverManager.getConnection(database.url(), database.user(), database.password());
        Statement statement = connection.createStatement()) {
      for (Map.Entry<String, String> e : Server.SETTINGS.entrySet()) {
        statement.execute("ALTER SYSTEM SET " + e.getKey() + " = '" + e.getValue() + "'");
      }
    }
    database.restart();
  }
}
