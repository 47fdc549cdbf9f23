package io.plantroom.bench.database;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * CPU time of this process and of the database's processes: other load does not change it, unlike
 * the clock.
 */
public final class Cpu {
  private final Server server;
  private final Map<Long, Duration> before;

  private Cpu(Server server) {
    this.server = server;
    this.before = now(server);
  }

  public static Cpu begin(Server server) {
    return new Cpu(server);
  }

  /** Seconds since the beginning; of processes that have ended meanwhile it knows nothing. */
  public double seconds() {
    return seconds(now(server));
  }

  /** The same of the database alone. */
  public double serverSeconds() {
    Map<Long, Duration> now = now(server);
    now.remove(ProcessHandle.current().pid());
    return seconds(now);
  }

  private double seconds(Map<Long, Duration> now) {
    double seconds = 0;
    for (Map.Entry<Long, Duration> e : now.entrySet()) {
      Duration since = e.getValue().minus(before.getOrDefault(e.getKey(), Duration.ZERO));
      seconds += since.toNanos() / 1e9;
    }
    return seconds;
  }

  private static Map<Long, Duration> now(Server server) {
    Map<Long, Duration> found = new HashMap<>();
    Stream.concat(Stream.of(ProcessHandle.current()), server.processes())
        .forEach(p -> p.info().totalCpuDuration().ifPresent(d -> found.put(p.pid(), d)));
    return found;
  }
}
