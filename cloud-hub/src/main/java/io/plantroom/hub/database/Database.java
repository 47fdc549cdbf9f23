package io.plantroom.hub.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The database, migrated to this version of the hub. Everything on it blocks. Thread-safe. */
public final class Database implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(Database.class);
  private static final String LEVEL =
      """
      SELECT (SELECT extversion FROM pg_extension WHERE extname = 'timescaledb') AS version,
             current_setting('timescaledb.license', true) AS licence""";
  private static final String LAYOUT =
      """
      SELECT relkind::text FROM pg_class WHERE oid = to_regclass('telemetry')""";

  private final DatabaseConfig config;
  private final HikariDataSource pool;
  private final Jdbi jdbi;
  private final DatabaseLevel level;

  private Database(DatabaseConfig config, HikariDataSource pool, Jdbi jdbi, DatabaseLevel level) {
    this.config = config;
    this.pool = pool;
    this.jdbi = jdbi;
    this.level = level;
  }

  /** Connects, finds the level and migrates. Several hubs may do so at once. */
  public static Database open(DatabaseConfig config) {
    return openAt(config, "latest");
  }

  /**
   * As {@link #open}, but migrates no further than to this version of the tables.
   *
   * @throws FlywayException for a version that this hub does not know
   */
  public static Database openAt(DatabaseConfig config, String schema) {
    HikariConfig hikari = new HikariConfig();
    hikari.setPoolName("hub");
    hikari.setJdbcUrl(config.url());
    hikari.setUsername(config.user());
    hikari.setPassword(password(config));
    hikari.setMaximumPoolSize(config.connections());
    hikari.setConnectionTimeout(5_000);
    hikari.setInitializationFailTimeout(30_000);
    hikari.addDataSourceProperty("ApplicationName", "plantroom-hub");
    hikari.addDataSourceProperty("tcpKeepAlive", "true");
    hikari.addDataSourceProperty("socketTimeout", "60");
    // A receipt is a promise: the commit before it must be on disk, whatever the server's default.
    hikari.addDataSourceProperty("options", "-c synchronous_commit=on -c timezone=UTC");
    HikariDataSource pool = new HikariDataSource(hikari);
    try {
      Jdbi jdbi = Jdbi.create(pool);
      jdbi.registerArrayType(String.class, "text");
      jdbi.registerArrayType(Integer.class, "int4");
      jdbi.registerArrayType(Long.class, "int8");
      jdbi.registerArrayType(Double.class, "float8");
      DatabaseLevel level = jdbi.withHandle(Database::level);
      migrate(pool, level, jdbi.withHandle(Database::hasPartitions), schema);
      LOGGER.atInfo().addKeyValue("level", level.key()).log("database ready");
      return new Database(config, pool, jdbi, level);
    } catch (RuntimeException e) {
      pool.close();
      throw e;
    }
  }

  public Jdbi jdbi() {
    return jdbi;
  }

  /** A connection outside the pool, for what keeps one to itself. The caller closes it. */
  public Connection connect() throws SQLException {
    return connect(config);
  }

  /** The same without a hub: nothing is migrated. */
  public static Connection connect(DatabaseConfig config) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", config.user());
    String password = password(config);
    if (password != null) {
      properties.setProperty("password", password);
    }
    properties.setProperty("ApplicationName", "plantroom-hub");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("connectTimeout", "5");
    return DriverManager.getConnection(config.url(), properties);
  }

  public DatabaseLevel level() {
    return level;
  }

  @Override
  public void close() {
    pool.close();
  }

  /** What the server of this connection can do. */
  public static DatabaseLevel level(Connection connection) {
    return level(Jdbi.open(connection));
  }

  private static DatabaseLevel level(Handle handle) {
    return handle
        .createQuery(LEVEL)
        .map(
            (rs, ctx) ->
                rs.getString("version") == null
                    ? DatabaseLevel.POSTGRESQL
                    : "timescale".equals(rs.getString("licence"))
                        ? DatabaseLevel.COMMUNITY
                        : DatabaseLevel.APACHE)
        .one();
  }

  private static @Nullable Boolean hasPartitions(Handle handle) {
    return handle
        .createQuery(LAYOUT)
        .mapTo(String.class)
        .findOne()
        .map(kind -> kind.equals("p"))
        .orElse(null);
  }

  private static void migrate(
      HikariDataSource pool, DatabaseLevel level, @Nullable Boolean hasPartitions, String schema) {
    // A table made before the extension came stays as it is: it works, and data is never moved
    // behind the operator's back.
    boolean plain =
        hasPartitions == null ? level == DatabaseLevel.POSTGRESQL : hasPartitions.booleanValue();
    if (plain && level != DatabaseLevel.POSTGRESQL) {
      LOGGER.warn("the tables were made before TimescaleDB was installed and stay partitions");
    }
    List<String> locations = new ArrayList<>(List.of("classpath:db/common"));
    locations.add(plain ? "classpath:db/plain" : "classpath:db/hyper");
    if (!plain && level == DatabaseLevel.COMMUNITY) {
      locations.add("classpath:db/community");
    }
    Flyway.configure()
        .dataSource(pool)
        .locations(locations.toArray(String[]::new))
        .target(schema)
        .load()
        .migrate();
  }

  private static @Nullable String password(DatabaseConfig config) {
    if (config.passwordFile() == null) {
      return config.password();
    }
    try {
      return Files.readString(config.passwordFile()).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("database.password-file cannot be read", e);
    }
  }
}
