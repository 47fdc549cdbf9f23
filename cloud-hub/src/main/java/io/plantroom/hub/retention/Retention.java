package io.plantroom.hub.retention;

import io.plantroom.hub.Feature;
import io.plantroom.hub.access.Audit;
import io.plantroom.hub.config.RetentionConfig;
import io.plantroom.hub.database.Database;
import io.plantroom.steps.Steps;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what is older than the settings say: whole chunks or partitions where all that is in them
 * is too old, and rows of the classes and sites that are kept for less. First it says from when on
 * the data is complete ({@code retention_horizon}), then it deletes, so that no rollup is ever made
 * from half of its samples. What the rollups do not cover yet stays. Works at every level of
 * database alike; several hubs may run it.
 */
public final class Retention implements Feature {
  private static final Logger LOGGER = LoggerFactory.getLogger(Retention.class);
  private static final Duration FIRST = Duration.ofMinutes(5);
  private static final Duration EVERY = Duration.ofHours(1);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int POINTS_AT_ONCE = 50;
  static final List<String> CLASSES = List.of("measurement", "state", "diagnostic", "register");
  private static final String SITES =
      """
      SELECT id FROM org_node WHERE kind = 'site' ORDER BY id""";
  private static final String HORIZON =
      """
      INSERT INTO retention_horizon (site_id, class, data, kept_from)
      SELECT :site, :class, :data, :cut
       WHERE NOT EXISTS (SELECT 1 FROM rollup_mark WHERE site_id = :site
                            AND hour < CAST(:cut AS timestamptz) + interval '2 days')
      ON CONFLICT (site_id, class, data) DO UPDATE
         SET kept_from = excluded.kept_from, changed_at = now()
       WHERE excluded.kept_from > retention_horizon.kept_from""";
  private static final String HORIZONS =
      """
      SELECT site_id, class, kept_from FROM retention_horizon WHERE data = :data""";
  private static final String POINTS =
      """
      SELECT p.id FROM point p JOIN device d ON d.id = p.device_id
        JOIN gateway g ON g.id = d.gateway_id
       WHERE g.site_id = :site AND p.class = :class ORDER BY p.id""";

  private static final String UNCOVERED =
      """
      SELECT EXISTS (SELECT 1 FROM rollup_mark WHERE site_id = :site
                        AND hour < CAST(:until AS timestamptz) + interval '2 days')""";
  private static final String DELETE =
      """
      DELETE FROM %1$s WHERE point_id = ANY (:points) AND %2$s >= :from AND %2$s < :until""";

  private static final Instant BEGINNING = Instant.parse("2000-01-01T00:00:00Z");

  private final Database database;
  private final RetentionConfig config;
  private final InstantSource clock;
  private final Steps steps =
      new Steps(
          "retention",
          e ->
              LOGGER
                  .atWarn()
                  .addKeyValue("error", e.getMessage())
                  .log("old data not deleted this time"));

  public Retention(Database database, RetentionConfig config, InstantSource clock) {
    this.database = database;
    this.config = config;
    this.clock = clock;
  }

  /** From when on the data of a class of a site is kept. */
  private record Horizon(String site, String pointClass, Instant from) {}

  @Override
  public void start() {
    steps.later(this::run, FIRST);
    steps.every(EVERY, this::run);
  }

  @Override
  public void stop() {
    steps.end(PATIENCE);
  }

  /** Deletes all that is too old by now. Blocks. */
  public void run() {
    List<String> sites =
        database.jdbi().withHandle(h -> h.createQuery(SITES).mapTo(String.class).list());
    for (DataSet data : DataSet.values()) {
      database.jdbi().useTransaction(h -> sites.forEach(site -> announce(h, site, data)));
      List<Horizon> horizons = horizons(data, sites);
      if (horizons.size() < sites.size() * CLASSES.size()) {
        continue; // some site is not covered yet; the next run will see
      }
      if (data.inPieces()) {
        drop(data, horizons);
      }
      delete(data, horizons);
    }
  }

  private void announce(Handle handle, String site, DataSet data) {
    Instant today = clock.instant().truncatedTo(ChronoUnit.DAYS);
    for (String c : CLASSES) {
      Instant cut = today.minus(Duration.ofDays(data.days(config, site, c)));
      handle
          .createUpdate(HORIZON)
          .bind("site", site)
          .bind("class", c)
          .bind("data", data.table())
          .bind("cut", cut.atOffset(ZoneOffset.UTC))
          .execute();
    }
  }

  private List<Horizon> horizons(DataSet data, List<String> sites) {
    return database
        .jdbi()
        .withHandle(
            h ->
                h
                    .createQuery(HORIZONS)
                    .bind("data", data.table())
                    .map(
                        (rs, ctx) ->
                            new Horizon(
                                rs.getString("site_id"),
                                rs.getString("class"),
                                rs.getTimestamp("kept_from").toInstant()))
                    .stream()
                    .filter(horizon -> sites.contains(horizon.site()))
                    .toList());
  }

  private void drop(DataSet data, List<Horizon> horizons) {
    Instant oldest = horizons.stream().map(Horizon::from).min(Instant::compareTo).orElseThrow();
    for (Pieces.Piece piece : database.jdbi().withHandle(h -> Pieces.of(h, data))) {
      if (piece.end().isAfter(oldest) || steps.ended()) {
        return;
      }
      if (!database.jdbi().inTransaction(h -> Pieces.drop(h, data, piece))) {
        return;
      }
      LOGGER
          .atInfo()
          .addKeyValue("table", data.table())
          .addKeyValue("from", piece.start())
          .addKeyValue("to", piece.end())
          .log("old data dropped");
    }
  }

  private void delete(DataSet data, List<Horizon> horizons) {
    List<Pieces.Piece> pieces =
        data.inPieces()
            ? database.jdbi().withHandle(h -> Pieces.of(h, data))
            : List.of(new Pieces.Piece(data.table(), BEGINNING, clock.instant()));
    for (Horizon horizon : horizons) {
      List<Integer> points =
          database
              .jdbi()
              .withHandle(
                  h ->
                      h.createQuery(POINTS)
                          .bind("site", horizon.site())
                          .bind("class", horizon.pointClass())
                          .mapTo(Integer.class)
                          .list());
      long rows = 0;
      for (Pieces.Piece piece : pieces) {
        if (piece.start().isBefore(horizon.from())) {
          rows += delete(data, horizon, piece, points);
        }
      }
      if (rows > 0) {
        String told = rows + " rows of " + horizon.pointClass() + " before " + horizon.from();
        database
            .jdbi()
            .useHandle(
                h ->
                    Audit.add(
                        h, "hub", "retention", data.table() + " " + horizon.site(), told, ""));
      }
    }
  }

  private long delete(DataSet data, Horizon horizon, Pieces.Piece piece, List<Integer> points) {
    Instant until = piece.end().isBefore(horizon.from()) ? piece.end() : horizon.from();
    long rows = 0;
    for (int i = 0; i < points.size() && !steps.ended(); i += POINTS_AT_ONCE) {
      List<Integer> some =
          new ArrayList<>(points.subList(i, Math.min(points.size(), i + POINTS_AT_ONCE)));
      // Marks and rows come in one transaction, so they are looked at as of one moment.
      rows +=
          database
              .jdbi()
              .inTransaction(
                  TransactionIsolationLevel.REPEATABLE_READ,
                  h -> covered(h, horizon, until) ? delete(h, data, piece, until, some) : 0);
    }
    return rows;
  }

  private static boolean covered(Handle handle, Horizon horizon, Instant until) {
    return !handle
        .createQuery(UNCOVERED)
        .bind("site", horizon.site())
        .bind("until", until.atOffset(ZoneOffset.UTC))
        .mapTo(Boolean.class)
        .one();
  }

  private static int delete(
      Handle handle, DataSet data, Pieces.Piece piece, Instant until, List<Integer> points) {
    return handle
        .createUpdate(DELETE.formatted(data.table(), data.time()))
        .bindArray("points", Integer.class, points.toArray())
        .bind("from", piece.start().atOffset(ZoneOffset.UTC))
        .bind("until", until.atOffset(ZoneOffset.UTC))
        .execute();
  }
}
