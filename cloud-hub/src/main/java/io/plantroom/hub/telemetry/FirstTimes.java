package io.plantroom.hub.telemetry;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/**
 * When each point was first heard of, written to the point itself in the transaction of the
 * samples, also when earlier ones come late. What is remembered is never earlier than what stands
 * there, so a hub that has just started, or another one at the same gateways, only asks once too
 * often. Thread-safe.
 */
final class FirstTimes {
  private static final String WRITE =
      """
      WITH earlier AS MATERIALIZED (
        SELECT v.id, v.at
          FROM (SELECT id, at FROM unnest(CAST(:ids AS int[]), CAST(:times AS timestamptz[])) u(id, at)
                 ORDER BY id) v
         CROSS JOIN LATERAL (
           SELECT 1 FROM point p WHERE p.id = v.id AND (p.first_at IS NULL OR p.first_at > v.at)
              FOR NO KEY UPDATE) p)
      UPDATE point p SET first_at = e.at FROM earlier e
       WHERE e.id = p.id AND p.id = ANY (ARRAY (SELECT id FROM earlier))""";

  /** By id of the point, in milliseconds; ids are dense. */
  private long[] known = {};

  /** Writes what is earlier than anything before; remembered once it is committed. */
  void write(Handle handle, List<StoredSample> samples) {
    Map<Integer, Long> earlier = earlier(samples);
    if (earlier.isEmpty()) {
      return;
    }
    handle
        .createUpdate(WRITE)
        .bindArray("ids", Integer.class, earlier.keySet().toArray())
        .bindArray(
            "times",
            String.class,
            earlier.values().stream()
                .map(m -> Instant.ofEpochMilli(m).atOffset(ZoneOffset.UTC).toString())
                .toArray())
        .execute();
    handle.afterCommit(() -> remember(earlier));
  }

  private synchronized Map<Integer, Long> earlier(List<StoredSample> samples) {
    Map<Integer, Long> earlier = new TreeMap<>();
    for (StoredSample s : samples) {
      int id = s.point().id();
      long at = s.sample().at().toEpochMilli();
      if (id >= known.length || at < known[id]) {
        earlier.merge(id, at, Math::min);
      }
    }
    return earlier;
  }

  private synchronized void remember(Map<Integer, Long> earlier) {
    earlier.forEach(
        (id, at) -> {
          if (id >= known.length) {
            int before = known.length;
            known = Arrays.copyOf(known, Math.max(id + 1, before * 2));
            Arrays.fill(known, before, known.length, Long.MAX_VALUE);
          }
          known[id] = Math.min(known[id], at);
        });
  }
}
