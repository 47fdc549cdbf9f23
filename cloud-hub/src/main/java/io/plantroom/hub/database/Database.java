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
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
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

  /**
   * Connects, finds the level and migrates. Several hubs may do so at once.
   *
   * @throws UnreleasedTablesException when the tables are not those of a release
   */
  public static Database open(DatabaseConfig config) {
    return openAt(config, "latest");
  }

  /**
   * As {@link #open}, but migrates no further than to this version of the tables.
   *
   * @throws FlywayException for a version that this hub does not know
   */
  public static Database openAt(DatabaseConfig config, String schema) {
    HikariConfig hikari = pool(config, "hub");
    hikari.setConnectionTimeout(5_000);
    hikari.setInitializationFailTimeout(30_000);
    hikari.addDataSourceProperty("socketTimeout", "60");
    // A receipt is a promise: the commit before it must be on disk, whatever the server's default.
    hikari.addDataSourceProperty("options", "-c synchronous_commit=on -c timezone=UTC");
    HikariDataSource pool = new HikariDataSource(hikari);
    try {
      Jdbi jdbi = jdbi(pool);
      DatabaseLevel able = jdbi.withHandle(Database::level);
      Boolean partitions = jdbi.withHandle(Database::hasPartitions);
      DatabaseLevel level = partitions != null && partitions ? DatabaseLevel.POSTGRESQL : able;
      if (level != able) {
        LOGGER.warn(
            "the tables are partitions although TimescaleDB is there; `plantroom-hub raise-level`"
                + " moves them");
      }
      migrate(pool, level, schema);
      LOGGER.atInfo().addKeyValue("level", level.key()).log("database ready");
      return new Database(config, pool, jdbi, level);
    } catch (RuntimeException e) {
      pool.close();
      throw e;
    }
  }

  /** Connections to a replica, which need not be there and is not waited for. */
  static HikariConfig replicaPool(DatabaseConfig config) {
    HikariConfig hikari = pool(config, "replica");
    hikari.setConnectionTimeout(1_000);
    hikari.setInitializationFailTimeout(-1);
    hikari.setMinimumIdle(0);
    hikari.setReadOnly(true);
    hikari.addDataSourceProperty("connectTimeout", "1");
    hikari.addDataSourceProperty("socketTimeout", "60");
    hikari.addDataSourceProperty("options", "-c timezone=UTC");
    return hikari;
  }

  private static HikariConfig pool(DatabaseConfig config, String name) {
    HikariConfig hikari = new HikariConfig();
    hikari.setPoolName(name);
    hikari.setJdbcUrl(config.url());
    hikari.setUsername(config.user());
    hikari.setPassword(password(config));
    hikari.setMaximumPoolSize(config.connections());
    hikari.addDataSourceProperty("ApplicationName", "plantroom-hub");
    hikari.addDataSourceProperty("tcpKeepAlive", "true");
    return hikari;
  }

  static Jdbi jdbi(DataSource pool) {
    Jdbi jdbi = Jdbi.create(pool);
    jdbi.registerArrayType(String.class, "text");
    jdbi.registerArrayType(Integer.class, "int4");
    jdbi.registerArrayType(Long.class, "int8");
    jdbi.registerArrayType(Double.class, "float8");
    return jdbi;
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
    return connect(config, 0);
  }

  /**
   * A connection outside any pool.
   *
   * @param patienceSeconds how long an answer may take, 0 for ever
   */
  static Connection connect(DatabaseConfig config, int patienceSeconds) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", config.user());
    String password = password(config);
    if (password != null) {
      properties.setProperty("password", password);
    }
    properties.setProperty("ApplicationName", "plantroom-hub");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", String.valueOf(patienceSeconds));
    return DriverManager.getConnection(config.url(), properties);
  }

  /** What the server can do, as far as the tables make use of it. */
  public DatabaseLevel level() {
    return level;
  }

  /** Whether the samples lie in native partitions, else in hypertables. */
  public boolean partitioned() {
    return level == DatabaseLevel.POSTGRESQL;
  }

  @Override
  public void close() {
    pool.close();
  }

  /** What the server of this connection can do. */
  public static DatabaseLevel level(Connection connection) {
    return level(Jdbi.open(connection));
  }

  static DatabaseLevel level(Handle handle) {
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

  private static void migrate(DataSource pool, DatabaseLevel level, String schema) {
    try {
      flyway(pool, level).target(schema).load().migrate();
    } catch (FlywayValidateException e) {
      String detail =
          String.valueOf(e.getMessage())
              .lines()
              .filter(line -> line.startsWith("Detected") || line.contains("mismatch"))
              .map(line -> "- " + line.strip())
              .collect(Collectors.joining("\n"));
      throw new UnreleasedTablesException(detail, e);
    }
  }

  /** Lets the history of migrations say that they were those for hypertables. */
  static void repair(DatabaseConfig config) throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(config.url());
    String password = password(config);
    if (password != null && !password.isEmpty()) {
      source.setUser(config.user());
      source.setPassword(password);
    }
    DatabaseLevel level;
    try (Connection connection = source.getConnection()) {
      level = level(connection);
    }
    flyway(source, level).load().repair();
  }

  private static FluentConfiguration flyway(DataSource source, DatabaseLevel level) {
    List<String> locations = new ArrayList<>(List.of("classpath:db/common"));
    locations.add(level == DatabaseLevel.POSTGRESQL ? "classpath:db/plain" : "classpath:db/hyper");
    if (level == DatabaseLevel.COMMUNITY) {
      locations.add("classpath:db/community");
    }
    FluentConfiguration flyway =
        Flyway.configure().dataSource(source).locations(locations.toArray(String[]::new));
    // The lock is held by the session, so no transaction stays open while a second one migrates.
    flyway
        .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
        .setTransactionalLock(false);
    return flyway;
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
