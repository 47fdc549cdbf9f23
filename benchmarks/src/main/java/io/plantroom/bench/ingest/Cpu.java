package io.plantroom.bench.ingest;

import io.plantroom.hub.database.Database;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * CPU time of this process and of the database's processes, as far as this machine shows them:
 * other load does not change it, unlike the clock.
 */
final class Cpu {
  private final Database database;
  private final Map<Long, Duration> before;

  private Cpu(Database database) {
    this.database = database;
    this.before = now(database);
  }

  static Cpu begin(Database database) {
    return new Cpu(database);
  }

  /** Seconds since the beginning; of processes that have ended meanwhile it knows nothing. */
  double seconds() {
    double seconds = 0;
    for (Map.Entry<Long, Duration> e : now(database).entrySet()) {
      Duration since = e.getValue().minus(before.getOrDefault(e.getKey(), Duration.ZERO));
      seconds += since.toNanos() / 1e9;
    }
    return seconds;
  }

  private static Map<Long, Duration> now(Database database) {
    Map<Long, Duration> found = new HashMap<>();
    ProcessHandle.current().info().totalCpuDuration().ifPresent(d -> found.put(0L, d));
    for (long pid :
        database
            .jdbi()
            .withHandle(
                h ->
                    h.createQuery(
                            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'")
                        .mapTo(Long.class)
                        .list())) {
      ProcessHandle.of(pid)
          .map(ProcessHandle::info)
          .flatMap(
              i ->
                  i.command().filter(c -> c.contains("postgres")).isPresent()
                      ? i.totalCpuDuration()
                      : Optional.empty())
          .ifPresent(d -> found.put(pid, d));
    }
    return found;
  }
}
