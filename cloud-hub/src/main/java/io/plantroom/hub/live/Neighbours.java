package io.plantroom.hub.live;

import io.plantroom.hub.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the other hubs on the same database what has changed, and hears it from them, through
 * NOTIFY. Only ids travel: each hub looks up for itself what its own consoles are to see. Bounded:
 * what gathers beyond the bound while the database is away is dropped.
 */
final class Neighbours {
  private static final Logger LOGGER = LoggerFactory.getLogger(Neighbours.class);
  private static final String CHANNEL = "plantroom_live";
  private static final int MOST_WAITING = 20_000;

  /** PostgreSQL takes less than 8000 bytes in one notification. */
  private static final int IDS_AT_ONCE = 300;

  private static final int SEND_EVERY_MILLIS = 200;
  private static final int LISTEN_MILLIS = 500;

  private final Database database;
  private final BiConsumer<String, List<String>> heard;
  private final Runnable missed;
  private final String self = UUID.randomUUID().toString();
  private final Map<String, Set<String>> waiting = new LinkedHashMap<>();
  private final ScheduledExecutorService sender =
      Executors.newSingleThreadScheduledExecutor(r -> new Thread(r, "live-tell"));
  private volatile boolean running;
  private @Nullable Thread listener;

  /**
   * @param heard takes an event and ids that changed at another hub
   * @param missed called when something may have been missed
   */
  Neighbours(Database database, BiConsumer<String, List<String>> heard, Runnable missed) {
    this.database = database;
    this.heard = heard;
    this.missed = missed;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // it ends with the executor
  void start() throws SQLException {
    running = true;
    Connection first = listening();
    Thread thread = new Thread(() -> listen(first), "live-hear");
    thread.start();
    listener = thread;
    sender.scheduleWithFixedDelay(
        this::send, SEND_EVERY_MILLIS, SEND_EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  void stop() {
    running = false;
    sender.shutdownNow();
    Thread thread = listener;
    if (thread != null) {
      LockSupport.unpark(thread);
      try {
        thread.join(5_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Never blocks. An id told twice before it is sent is sent once. */
  void tell(String event, List<String> ids) {
    synchronized (waiting) {
      Set<String> set = waiting.computeIfAbsent(event, e -> new LinkedHashSet<>());
      if (set.size() < MOST_WAITING) {
        set.addAll(ids);
      }
    }
  }

  private void send() {
    List<String> payloads = new ArrayList<>();
    synchronized (waiting) {
      waiting.forEach((event, ids) -> payloads.addAll(payloads(event, ids)));
      waiting.clear();
    }
    if (payloads.isEmpty()) {
      return;
    }
    try {
      database
          .jdbi()
          .useHandle(
              h ->
                  h.createQuery("SELECT pg_notify(:channel, p)::text FROM unnest(:payloads) p")
                      .bind("channel", CHANNEL)
                      .bindArray("payloads", String.class, payloads.toArray())
                      .mapTo(String.class)
                      .list());
    } catch (RuntimeException e) {
      // The consoles of the other hubs reconnect when their hub's own connection comes back.
      LOGGER.atDebug().setCause(e).log("other hubs not told");
    }
  }

  private List<String> payloads(String event, Set<String> ids) {
    List<String> all = new ArrayList<>(ids);
    List<String> payloads = new ArrayList<>();
    for (int i = 0; i < all.size(); i += IDS_AT_ONCE) {
      List<String> part = all.subList(i, Math.min(all.size(), i + IDS_AT_ONCE));
      payloads.add(self + " " + event + " " + String.join(",", part));
    }
    return payloads;
  }

  private Connection listening() throws SQLException {
    Connection connection = database.connect();
    try (Statement statement = connection.createStatement()) {
      statement.execute("LISTEN " + CHANNEL);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private void listen(Connection first) {
    Connection connection = first;
    while (running) {
      try (Connection c = connection) {
        PGConnection pg = c.unwrap(PGConnection.class);
        while (running) {
          PGNotification[] news = pg.getNotifications(LISTEN_MILLIS);
          if (news != null) {
            for (PGNotification n : news) {
              hear(n.getParameter());
            }
          }
        }
      } catch (SQLException e) {
        LOGGER.atWarn().addKeyValue("error", e.getMessage()).log("other hubs not heard");
      }
      Connection again = reconnect();
      if (again == null) {
        return;
      }
      connection = again;
      missed.run();
    }
  }

  private @Nullable Connection reconnect() {
    while (running) {
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
      try {
        return listening();
      } catch (SQLException e) {
        LOGGER.atDebug().setCause(e).log("other hubs not heard yet");
      }
    }
    return null;
  }

  private void hear(String payload) {
    String[] parts = payload.split(" ", 3);
    if (parts.length == 3 && !parts[0].equals(self)) {
      try {
        heard.accept(parts[1], List.of(parts[2].split(",", -1)));
      } catch (RuntimeException e) {
        LOGGER.atWarn().addKeyValue("error", e.getMessage()).log("news of another hub not shown");
      }
    }
  }
}
