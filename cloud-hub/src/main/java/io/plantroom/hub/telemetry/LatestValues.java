package io.plantroom.hub.telemetry;

import io.plantroom.hub.Feature;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.ingest.SampleListener;
import io.plantroom.hub.live.LiveFeed;
import io.plantroom.telemetry.Cause;
import io.plantroom.telemetry.Quality;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
       WHERE excluded.ts >= l.ts""";

  /** What a crash may have kept from the table stands in the samples. */
  private static final String REBUILD =
      """
      INSERT INTO point_latest AS l (point_id, quality, cause, clock_trusted, ts, value, register,
                                     state, text_value)
      SELECT p.id, s.quality, s.cause, s.clock_trusted, s.ts, s.value, s.register, s.state, s.text_value
        FROM point p CROSS JOIN LATERAL (
          (SELECT quality, cause, clock_trusted, ts, value, NULL::numeric AS register,
                  NULL::int AS state, NULL::text AS text_value
             FROM telemetry t WHERE t.point_id = p.id ORDER BY ts DESC LIMIT 1)
          UNION ALL
          (SELECT quality, cause, clock_trusted, ts, NULL, NULL, state, text_value
             FROM telemetry_state t WHERE t.point_id = p.id ORDER BY ts DESC LIMIT 1)
          UNION ALL
          (SELECT quality, cause, clock_trusted, ts, NULL, value, NULL, NULL
             FROM register_sample t WHERE t.point_id = p.id ORDER BY ts DESC LIMIT 1)
          ORDER BY ts DESC LIMIT 1) s
      ON CONFLICT (point_id) DO UPDATE SET quality = excluded.quality, cause = excluded.cause,
          clock_trusted = excluded.clock_trusted, ts = excluded.ts, value = excluded.value,
          register = excluded.register, state = excluded.state, text_value = excluded.text_value
       WHERE excluded.ts > l.ts""";

  private final Database database;
  private final LiveFeed live;
  private final Map<Integer, Instant> newest = new HashMap<>();
  private Map<Integer, StoredSample> waiting = new HashMap<>();
  private final ScheduledExecutorService flusher =
      Executors.newSingleThreadScheduledExecutor(r -> new Thread(r, "latest-values"));

  public LatestValues(Database database, LiveFeed live) {
    this.database = database;
    this.live = live;
  }

  /** A value on its way to the consoles. */
  record LiveValue(
      String pointId,
      String equipmentId,
      Instant at,
      @Nullable Object value,
      String quality,
      @Nullable String cause) {}

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
    for (StoredSample s : fresh) {
      Instant at = s.sample().at();
      Instant known = newest.get(s.point().id());
      if (known == null || !at.isBefore(known)) {
        newest.put(s.point().id(), at);
        waiting.put(s.point().id(), s);
      }
    }
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
      live.publish(ordered.stream().map(LatestValues::item).toList());
    } catch (RuntimeException e) {
      giveBack(batch);
      LOGGER.atWarn().addKeyValue("error", e.getMessage()).log("latest values not written yet");
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

  private static LiveFeed.Item item(StoredSample s) {
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
            cause(sample.cause())));
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
