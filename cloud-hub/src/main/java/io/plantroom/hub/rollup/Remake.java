package io.plantroom.hub.rollup;

import io.plantroom.hub.rollup.Reach.Stretch;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/**
 * What all rollups are made with: what is not right any more is deleted, what is right is inserted.
 * Times are minutes after the base of the reach.
 */
final class Remake {
  private static final String DELETE =
      """
      DELETE FROM %s r
       USING unnest(CAST(:points AS int[]), CAST(:start AS int[]), CAST(:end AS int[]))
               AS d(point_id, s, e)
       WHERE r.point_id = d.point_id
         AND r.bucket >= CAST(:base AS timestamptz) + make_interval(mins => d.s)
         AND r.bucket < CAST(:base AS timestamptz) + make_interval(mins => d.e)
         AND r.bucket >= :from AND r.bucket < :until""";

  private final Handle handle;
  private final Reach reach;
  private final Runnable between;

  /**
   * Within the caller's transaction.
   *
   * @param between runs after each statement
   */
  Remake(Handle handle, Reach reach, Runnable between) {
    this.handle = handle;
    this.reach = reach;
    this.between = between;
  }

  /** Deletes the buckets that begin in the stretches. */
  void delete(String table, List<Stretch> stretches) {
    if (!stretches.isEmpty()) {
      bind(handle.createUpdate(DELETE.formatted(table)), stretches, 0).execute();
    }
    between.run();
  }

  /** Inserts from what lies within the stretches. */
  void insert(String sql, List<Stretch> stretches) {
    if (!stretches.isEmpty()) {
      bind(handle.createUpdate(sql), stretches, 0).execute();
    }
    between.run();
  }

  /** Inserts from what lies within the stretches, and before them for as long as a value stands. */
  void insertWhatStands(String sql, List<Stretch> stretches) {
    if (!stretches.isEmpty()) {
      int before = stretches.stream().mapToInt(s -> s.holdSeconds() / 60 + 3).max().orElse(0);
      bind(handle.createUpdate(sql), stretches, before)
          .bindArray(
              "hold", Double.class, stretches.stream().map(s -> s.holdSeconds() * 1000.0).toArray())
          .execute();
    }
    between.run();
  }

  /** The bounds over all points let the database look at few partitions only. */
  private Update bind(Update update, List<Stretch> stretches, int before) {
    int from = stretches.stream().mapToInt(Stretch::start).min().orElse(0) - before;
    int until = stretches.stream().mapToInt(Stretch::end).max().orElse(0);
    return update
        .bind("base", Reach.utc(reach.base()))
        .bind("from", Reach.utc(reach.base().plus(Duration.ofMinutes(from))))
        .bind("until", Reach.utc(reach.base().plus(Duration.ofMinutes(until))))
        .bindArray("points", Integer.class, Reach.ints(stretches, Stretch::point))
        .bindArray("start", Integer.class, Reach.ints(stretches, Stretch::start))
        .bindArray("end", Integer.class, Reach.ints(stretches, Stretch::end));
  }
}
