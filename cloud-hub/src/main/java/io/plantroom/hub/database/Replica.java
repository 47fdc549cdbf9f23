package io.plantroom.hub.database;

import com.zaxxer.hikari.HikariDataSource;
import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import io.plantroom.hub.database.Standing.State;
import io.plantroom.steps.Steps;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** One streaming replica and how it stands, looked at each second. Thread-safe. */
final class Replica implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(Replica.class);
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final int PATIENCE_SECONDS = 5;
  private static final String WRITTEN =
      """
      SELECT (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint""";
  private static final String WHICH =
      """
      SELECT system_identifier || ' ' || current_database() FROM pg_control_system()""";
  private static final String REPLAYED =
      """
      SELECT pg_is_in_recovery(), coalesce(pg_last_wal_replay_lsn() - '0/0'::pg_lsn, 0)::bigint""";

  private final Database primary;
  private final DatabaseConfig config;
  private final Duration most;
  private final HikariDataSource pool;
  private final Jdbi jdbi;
  private final Positions positions = new Positions();
  private final Set<Connection> asked = ConcurrentHashMap.newKeySet();
  private final Steps steps =
      new Steps(
          "replica",
          e -> LOGGER.atWarn().addKeyValue("error", e.getMessage()).log("replica not looked at"));
  private volatile Seen seen = new Seen(OptionalLong.empty(), "not looked at yet");
  private volatile boolean trusted;
  private @Nullable Connection probe;

  /**
   * What the last look showed.
   *
   * @param asOf of which {@link System#nanoTime} its data is
   */
  private record Seen(OptionalLong asOf, @Nullable String problem) {}

  /** A replica that need not be there; it is looked at from now on. */
  Replica(Database primary, DatabaseConfig config, Duration most) {
    this.primary = primary;
    this.config = config;
    this.most = most;
    pool = new HikariDataSource(Database.replicaPool(config));
    jdbi = Database.jdbi(pool);
    steps.now(this::look);
    steps.every(EVERY, this::look);
  }

  /** Whether it shows at the moment all that was written as long ago as it may lag. */
  boolean ready() {
    return trusted && behind(seen).filter(b -> b.compareTo(most) <= 0).isPresent();
  }

  Standing standing() {
    Seen s = seen;
    State state = s.problem() != null ? State.AWAY : ready() ? State.READY : State.BEHIND;
    return new Standing(state, behind(s).orElse(null), most, s.problem());
  }

  /** It did not answer as it should: nobody asks it until it has been looked at. */
  void doubt() {
    trusted = false;
    steps.now(this::look);
  }

  /**
   * Answers a question on a connection to this replica. It fails as soon as the replica is found to
   * be away, even when the network does not say so.
   */
  <T> T ask(Handle handle, HandleCallback<T, RuntimeException> question) {
    Connection connection = handle.getConnection();
    asked.add(connection);
    try {
      return question.withHandle(handle);
    } finally {
      asked.remove(connection);
    }
  }

  Jdbi jdbi() {
    return jdbi;
  }

  @Override
  public void close() {
    steps.end(Duration.ofSeconds(PATIENCE_SECONDS));
    hangUp();
    pool.close();
  }

  private static Optional<Duration> behind(Seen seen) {
    return seen.asOf().isPresent()
        ? Optional.of(Duration.ofNanos(System.nanoTime() - seen.asOf().getAsLong()))
        : Optional.empty();
  }

  private void look() {
    Standing before = standing();
    long now = System.nanoTime();
    String which =
        primary
            .jdbi()
            .withHandle(
                h -> {
                  positions.note(now, h.createQuery(WRITTEN).mapTo(Long.class).one());
                  return h.createQuery(WHICH).mapTo(String.class).one();
                });
    try {
      seen = probe(which);
    } catch (SQLException e) {
      seen = new Seen(OptionalLong.empty(), "the replica is away: " + e.getMessage());
      hangUp();
    }
    Duration enough = trusted ? most : most.dividedBy(2);
    trusted =
        seen.problem() == null && behind(seen).filter(b -> b.compareTo(enough) <= 0).isPresent();
    if (seen.problem() != null) {
      giveUp();
    }
    tell(before, standing());
  }

  private Seen probe(String which) throws SQLException {
    Connection open = probe;
    if (open == null) {
      open = Database.connect(config, PATIENCE_SECONDS);
      probe = open;
    }
    try (Statement s = open.createStatement()) {
      try (ResultSet rs = s.executeQuery(WHICH)) {
        if (!rs.next() || !which.equals(rs.getString(1))) {
          return new Seen(OptionalLong.empty(), "database.reads is another database");
        }
      }
      try (ResultSet rs = s.executeQuery(REPLAYED)) {
        if (!rs.next() || !rs.getBoolean(1)) {
          return new Seen(OptionalLong.empty(), "database.reads is no replica");
        }
        return new Seen(positions.asOf(rs.getLong(2)), null);
      }
    }
  }

  private void hangUp() {
    Connection open = probe;
    probe = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        LOGGER.atDebug().setCause(e).log("not closed cleanly");
      }
    }
  }

  private void giveUp() {
    for (Connection connection : asked) {
      try {
        connection.abort(Runnable::run);
      } catch (SQLException e) {
        LOGGER.atDebug().setCause(e).log("not broken off");
      }
    }
  }

  private static void tell(Standing before, Standing now) {
    if (before.state() != now.state()) {
      LOGGER
          .atLevel(now.state() == State.READY ? Level.INFO : Level.WARN)
          .addKeyValue("replica", now.state().key())
          .log("long questions: {}", now);
    }
  }
}
