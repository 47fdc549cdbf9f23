package io.plantroom.bench.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.SQLException;

/** PostgreSQL alone, out of a jar. */
final class Embedded {
  private Embedded() {}

  static Server start() throws IOException {
    EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder();
    Server.SETTINGS.forEach(builder::setServerConfig);
    EmbeddedPostgres postgres = builder.start();
    try {
      return Server.ofThisMachine(
          "jdbc:postgresql://localhost:" + postgres.getPort() + "/postgres",
          "postgres",
          "postgres",
          postgres);
    } catch (SQLException e) {
      postgres.close();
      throw new IOException(e);
    }
  }
}
