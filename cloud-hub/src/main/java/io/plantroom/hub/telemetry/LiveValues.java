package io.plantroom.hub.telemetry;

import io.plantroom.hub.Feature;
import io.plantroom.hub.database.Database;
import io.plantroom.telemetry.Sample;
import io.plantroom.wire.LiveCodec;
import io.plantroom.wire.WireException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest values that gateways send ahead of their backlog: shown, never stored. What does not
 * fit into the queue is dropped, the oldest first; the stored sample follows in its order anyway.
 */
public final class LiveValues implements Feature {
  private static final Logger LOGGER = LoggerFactory.getLogger(LiveValues.class);
  private static final int QUEUE = 256;
  private static final String GATEWAY =
      """
      SELECT id, site_id FROM gateway WHERE listed AND code = :code""";

  private final Database database;
  private final PointRegistry points;
  private final SampleStore samples;
  private final LatestValues latest;
  private final Map<String, Known> gateways = new ConcurrentHashMap<>();
  private final BlockingQueue<Map.Entry<String, byte[]>> queue = new ArrayBlockingQueue<>(QUEUE);
  private volatile boolean running;
  private @Nullable Thread worker;

  public LiveValues(
      Database database, PointRegistry points, SampleStore samples, LatestValues latest) {
    this.database = database;
    this.points = points;
    this.samples = samples;
    this.latest = latest;
  }

  private record Known(int id, String siteId) {}

  @Override
  public void start() {
    running = true;
    Thread thread = new Thread(this::work, "live-values");
    thread.start();
    worker = thread;
  }

  @Override
  public void stop() {
    running = false;
    Thread thread = worker;
    if (thread != null) {
      try {
        thread.join(5_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Takes a message of a gateway's topic of live values. Never blocks. */
  public void accept(String gateway, byte[] payload) {
    Map.Entry<String, byte[]> message = Map.entry(gateway, payload);
    while (!queue.offer(message)) {
      queue.poll();
    }
  }

  private void work() {
    while (running) {
      try {
        Map.Entry<String, byte[]> next = queue.poll(200, TimeUnit.MILLISECONDS);
        if (next != null) {
          show(next.getKey(), next.getValue());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (WireException | RuntimeException e) {
        LOGGER.atDebug().setCause(e).log("live values not shown");
      }
    }
  }

  private void show(String code, byte[] payload) throws WireException {
    List<Sample> values =
        LiveCodec.decode(payload).stream().filter(s -> samples.plausible(s.at())).toList();
    Optional<Known> gateway = gateway(code);
    if (values.isEmpty() || gateway.isEmpty()) {
      return;
    }
    Known from = gateway.get();
    Map<PointKey, PointRef> refs = points.known(database, from.id(), values);
    List<StoredSample> found = new ArrayList<>();
    for (Sample s : values) {
      PointRef ref = refs.get(new PointKey(from.id(), s.device(), s.point()));
      if (ref != null) {
        found.add(new StoredSample(ref, from.siteId(), s, 0, 0));
      }
    }
    latest.onLive(found);
  }

  private Optional<Known> gateway(String code) {
    Known known = gateways.get(code);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<Known> found =
        database
            .jdbi()
            .withHandle(
                h ->
                    h.createQuery(GATEWAY)
                        .bind("code", code)
                        .map((rs, ctx) -> new Known(rs.getInt("id"), rs.getString("site_id")))
                        .findOne());
    found.ifPresent(g -> gateways.put(code, g));
    return found;
  }
}
