package io.plantroom.hub.rollup;

import io.plantroom.hub.Feature;
import io.plantroom.hub.database.Database;
import io.plantroom.steps.Steps;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the rollups right, at every level of database in the same way: what the ingest has marked
 * as changed is made anew from the samples, newest first, in one transaction with the deletion of
 * the mark. So a crash leaves either the mark or the right rollup, and late data is nothing
 * special. Several hubs share the work by site. Rollups are behind the samples by a minute or less
 * unless a backlog drains.
 */
public final class Rollups implements Feature {
  private static final Logger LOGGER = LoggerFactory.getLogger(Rollups.class);
  private static final Duration EVERY = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String ZONE =
      """
      SELECT time_zone FROM org_node WHERE id = :site""";

  private static final String ROOM =
      """
      SELECT ensure_partition(day)::text
        FROM (SELECT DISTINCT hour::date + n AS day
                FROM rollup_mark, generate_series(-1, 1) AS n WHERE site_id = :site) days
       ORDER BY day""";

  private final Database database;
  private final Runnable between;
  private final Steps steps =
      new Steps(
          "rollups",
          e ->
              LOGGER
                  .atWarn()
                  .addKeyValue("error", e.getMessage())
                  .log("rollups not made this time"));

  public Rollups(Database database) {
    this(database, () -> {});
  }

  /** For tests: {@code between} runs between any two statements and may throw. */
  Rollups(Database database, Runnable between) {
    this.database = database;
    this.between = between;
  }

  @Override
  public void start() {
    steps.every(EVERY, this::catchUp);
  }

  /** Waits for the transaction at work; what it has not done stays marked. */
  @Override
  public void stop() {
    steps.end(PATIENCE);
  }

  /** Works until nothing is marked, or what is left is another hub's at the moment. Blocks. */
  public void catchUp() {
    boolean more = true;
    while (more && !steps.ended()) {
      more = false;
      for (String site : database.jdbi().withHandle(Marks::sites)) {
        more |= !steps.ended() && step(site);
      }
    }
  }

  /** Makes some of a site in one transaction; false when there is nothing to do here. */
  private boolean step(String site) {
    try {
      return database.jdbi().inTransaction(h -> step(h, site));
    } catch (JdbiException e) {
      if (!noPartition(e)) {
        throw e;
      }
      makeRoom(site);
      return database.jdbi().inTransaction(h -> step(h, site));
    }
  }

  private boolean step(Handle handle, String site) {
    Optional<Dirty> taken = Marks.take(handle, site);
    if (taken.isEmpty()) {
      return false;
    }
    between.run();
    Dirty dirty = taken.get();
    Reach reach = Reach.of(handle, site, dirty);
    if (!reach.points().isEmpty()) {
      ZoneId zone =
          handle
              .createQuery(ZONE)
              .bind("site", site)
              .mapTo(String.class)
              .findOne()
              .map(ZoneId::of)
              .orElse(ZoneOffset.UTC);
      if (dirty.states()) {
        new States(handle, reach, between).make(zone);
      } else {
        new Numbers(handle, reach, between).make(zone);
      }
    }
    return true;
  }

  /** A partition of the rollups may have been dropped before the late data came. */
  private void makeRoom(String site) {
    database
        .jdbi()
        .useTransaction(h -> h.createQuery(ROOM).bind("site", site).mapTo(String.class).list());
  }

  private static boolean noPartition(Throwable error) {
    for (Throwable t = error; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql) {
        return "23514".equals(sql.getSQLState());
      }
    }
    return false;
  }
}
