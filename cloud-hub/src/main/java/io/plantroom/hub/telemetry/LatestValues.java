package io.plantroom.hub.telemetry;

import io.plantroom.hub.Feature;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.ingest.SampleListener;
import io.plantroom.hub.live.LiveFeed;
import io.plantroom.telemetry.Cause;
import io.plantroom.telemetry.Quality;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest sample of each point by event time: gathered in memory, written and told to the
 * consoles once a second. Samples that arrive late never turn it back.
 */
public final class LatestValues implements Feature, SampleListener {
  private static final Logger LOGGER = LoggerFactory.getLogger(LatestValues.class);
  private static final String UPSERT =
      """
      INSERT INTO point_latest AS l (point_id, quality, cause, clock_trusted, ts, value, register,
                                     state, text_value)
      VALUES (:point, :quality, :cause, :trusted, :ts, :value, :register, :state, :text)
      ON CONFLICT (point_id) DO UPDATE SET quality = excluded.quality, cause = excluded.cause,
          clock_trusted = excluded.clock_trusted, ts = excluded.ts, value = excluded.value,
          register = excluded.register, state = excluded.state, text_value = excluded.text_value
      """
          + Freshness.SQL;

  /** What a crash may have kept from the table stands in the samples. */
  private static final String REBUILD =
      """
      INSERT INTO point_latest AS l (point_id, quality, cause, clock_trusted, ts, value, register,
                                     state, text_value)
      SELECT p.id, s.quality, s.cause, s.clock_trusted, s.ts, s.value, s.register, s.state, s.text_value
        FROM point p CROSS JOIN LATERAL (
          (SELECT quality, cause, clock_trusted, ts, value, NULL::numeric AS register,
                  NULL::int AS state, NULL::text AS text_value
             FROM telemetry t WHERE t.point_id = p.id
              AND (clock_trusted OR ts <= now() + interval '1 minute') ORDER BY ts DESC LIMIT 1)
          UNION ALL
          (SELECT quality, cause, clock_trusted, ts, NULL, NULL, state, text_value
             FROM telemetry_state t WHERE t.point_id = p.id
              AND (clock_trusted OR ts <= now() + interval '1 minute') ORDER BY ts DESC LIMIT 1)
          UNION ALL
          (SELECT quality, cause, clock_trusted, ts, NULL, value, NULL, NULL
             FROM register_sample t WHERE t.point_id = p.id
              AND (clock_trusted OR ts <= now() + interval '1 minute') ORDER BY ts DESC LIMIT 1)
          ORDER BY ts DESC LIMIT 1) s
      ON CONFLICT (point_id) DO UPDATE SET quality = excluded.quality, cause = excluded.cause,
          clock_trusted = excluded.clock_trusted, ts = excluded.ts, value = excluded.value,
          register = excluded.register, state = excluded.state, text_value = excluded.text_value
      """
          + Freshness.SQL;

  private static final String STANDING =
      """
      SELECT l.*, p.device_id, g.site_id FROM point_latest l JOIN point p ON p.id = l.point_id
        JOIN device d ON d.id = p.device_id JOIN gateway g ON g.id = d.gateway_id
       WHERE l.point_id = ANY (CAST(:points AS int[]))""";

  private final Database database;
  private final LiveFeed live;
  private final InstantSource clock;
  private final Map<Integer, Freshness> newest = new HashMap<>();

  /** Ahead of the backlog: newer than what is stored, one a point at most. */
  private final Map<Integer, StoredSample> ahead = new HashMap<>();

  private Map<Integer, StoredSample> waiting = new HashMap<>();
  private final ScheduledExecutorService flusher =
      Executors.newSingleThreadScheduledExecutor(r -> new Thread(r, "latest-values"));

  public LatestValues(Database database, LiveFeed live, InstantSource clock) {
    this.database = database;
    this.live = live;
    this.clock = clock;
    live.source("value", this::find);
  }

  /**
   * A value on its way to the consoles.
   *
   * @param live true when it came ahead of the backlog and is not stored yet, else null
   */
  record LiveValue(
      String pointId,
      String equipmentId,
      Instant at,
      @Nullable Object value,
      String quality,
      @Nullable String cause,
      @Nullable Boolean live) {}

  /** A value that is newer than what is stored. */
  public record Ahead(Instant at, @Nullable Object value, Quality quality, Cause cause) {}

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // it ends with the executor
  public void start() {
    database.jdbi().useHandle(h -> h.execute(REBUILD));
    flusher.scheduleWithFixedDelay(this::flush, 1, 1, TimeUnit.SECONDS);
  }

  @Override
  public void stop() {
    flusher.shutdown();
    try {
      if (!flusher.awaitTermination(5, TimeUnit.SECONDS)) {
        flusher.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    flush();
  }

  @Override
  public synchronized void onStored(List<StoredSample> fresh) {
    Instant now = clock.instant();
    for (StoredSample s : fresh) {
      int id = s.point().id();
      Freshness mine = Freshness.of(s);
      Freshness known = newest.get(id);
      if (known == null || mine.replaces(known, now)) {
        newest.put(id, mine);
        waiting.put(id, s);
      }
    }
  }

  /** Shows values that came ahead of the backlog; one that is not newer changes nothing. */
  void onLive(List<StoredSample> values) {
    List<LiveFeed.Item> items = new ArrayList<>();
    Instant now = clock.instant();
    synchronized (this) {
      for (StoredSample s : values) {
        if (newer(s, now)) {
          ahead.put(s.point().id(), s);
          items.add(item(s, true));
        }
      }
    }
    live.publish(items);
  }

  private boolean newer(StoredSample s, Instant now) {
    Freshness mine = Freshness.of(s);
    Freshness stored = newest.get(s.point().id());
    StoredSample shown = ahead.get(s.point().id());
    return beats(mine, stored, now) && beats(mine, shown == null ? null : Freshness.of(shown), now);
  }

  private static boolean beats(Freshness mine, @Nullable Freshness known, Instant now) {
    return known == null || (!mine.at().equals(known.at()) && mine.replaces(known, now));
  }

  /** What came ahead of the backlog for a point, when it is newer than what is stored of it. */
  public synchronized Optional<Ahead> ahead(
      int point, @Nullable Instant storedAt, boolean storedTrusted) {
    StoredSample s = ahead.get(point);
    Freshness stored = storedAt == null ? null : new Freshness(storedAt, storedTrusted);
    if (s == null || !beats(Freshness.of(s), stored, clock.instant())) {
      return Optional.empty();
    }
    Sample sample = s.sample();
    return Optional.of(
        new Ahead(sample.at(), shown(sample.value()), sample.quality(), sample.cause()));
  }

  /** Writes and tells what has gathered. When the database is away it is kept for the next time. */
  void flush() {
    Map<Integer, StoredSample> batch = take();
    if (batch.isEmpty()) {
      return;
    }
    try {
      // In the order of ids, so that two hubs never wait for each other.
      List<StoredSample> ordered = new ArrayList<>(batch.values());
      ordered.sort(java.util.Comparator.comparingInt(s -> s.point().id()));
      database
          .jdbi()
          .useTransaction(
              h -> {
                PreparedBatch upsert = h.prepareBatch(UPSERT);
                for (StoredSample s : ordered) {
                  SampleTable.bind(upsert, s).bind("ts", SampleTable.ts(s.sample())).add();
                }
                upsert.execute();
              });
      written(ordered);
      live.publish(ordered.stream().map(s -> item(s, false)).toList());
      live.tell("value", ordered.stream().map(s -> String.valueOf(s.point().id())).toList());
    } catch (RuntimeException e) {
      giveBack(batch);
      LOGGER.atWarn().addKeyValue("error", e.getMessage()).log("latest values not written yet");
    }
  }

  /** Only now, so that nobody sees the value before in between. */
  private synchronized void written(List<StoredSample> samples) {
    Instant now = clock.instant();
    for (StoredSample s : samples) {
      ahead.computeIfPresent(
          s.point().id(),
          (id, shown) -> Freshness.of(s).replaces(Freshness.of(shown), now) ? null : shown);
    }
  }

  private synchronized Map<Integer, StoredSample> take() {
    Map<Integer, StoredSample> batch = waiting;
    waiting = new HashMap<>();
    return batch;
  }

  private synchronized void giveBack(Map<Integer, StoredSample> batch) {
    batch.forEach(waiting::putIfAbsent);
  }

  private static LiveFeed.Item item(StoredSample s, boolean ahead) {
    Sample sample = s.sample();
    return new LiveFeed.Item(
        s.siteId(),
        "value",
        new LiveValue(
            String.valueOf(s.point().id()),
            String.valueOf(s.point().deviceId()),
            sample.at(),
            shown(sample.value()),
            quality(sample.quality()),
            cause(sample.cause()),
            ahead ? Boolean.TRUE : null));
  }

  private List<LiveFeed.Item> find(List<String> points) {
    return database
        .jdbi()
        .withHandle(
            h ->
                h.createQuery(STANDING)
                    .bindArray("points", String.class, points.toArray())
                    .map(
                        (rs, ctx) ->
                            new LiveFeed.Item(
                                rs.getString("site_id"),
                                "value",
                                new LiveValue(
                                    rs.getString("point_id"),
                                    rs.getString("device_id"),
                                    rs.getTimestamp("ts").toInstant(),
                                    value(rs),
                                    quality(Quality.of(rs.getInt("quality"))),
                                    cause(Cause.of(rs.getInt("cause"))),
                                    null)))
                    .list());
  }

  /** The value of a row of {@code point_latest}, as the API writes it. */
  public static @Nullable Object value(ResultSet rs) throws SQLException {
    BigDecimal register = rs.getBigDecimal("register");
    if (register != null) {
      return register.toPlainString();
    }
    String text = rs.getString("text_value");
    if (text != null) {
      return text;
    }
    int state = rs.getInt("state");
    if (!rs.wasNull()) {
      return state;
    }
    double value = rs.getDouble("value");
    return rs.wasNull() ? null : (Object) value;
  }

  private static @Nullable Object shown(@Nullable Value value) {
    if (value instanceof Value.Analog a) {
      return a.value();
    }
    if (value instanceof Value.Counter c) {
      return c.value().toPlainString();
    }
    if (value instanceof Value.State s) {
      return s.code();
    }
    return value instanceof Value.Text t ? t.text() : null;
  }

  /** As the API writes it. */
  public static String quality(Quality quality) {
    return quality.name().toLowerCase(Locale.ROOT);
  }

  /** As the API writes it; nothing when all is well. */
  public static @Nullable String cause(Cause cause) {
    return cause == Cause.NONE ? null : cause.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
