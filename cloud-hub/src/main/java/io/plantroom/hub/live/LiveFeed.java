package io.plantroom.hub.live;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.plantroom.hub.Feature;
import io.plantroom.hub.access.Access;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.http.Call;
import io.plantroom.hub.http.Json;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Server-sent events: each client gets what happens at the sites it may see, from now on, whichever
 * hub it happens at. A client that does not keep up is cut off and comes back for a fresh snapshot.
 * Thread-safe.
 */
public final class LiveFeed implements Feature {
  private static final Logger LOGGER = LoggerFactory.getLogger(LiveFeed.class);
  private static final int MOST_PENDING = 4 << 20;
  private static final long HEARTBEAT_MILLIS = 10_000;
  private static final int SITES_EVERY_BEATS = 6;

  private final Vertx vertx;
  private final Database database;
  private final Access access;
  private final String version;
  private final Neighbours neighbours;
  private final Map<String, LiveSource> sources = new ConcurrentHashMap<>();
  private final Counter cutOff;
  private final Set<Client> clients = ConcurrentHashMap.newKeySet();

  public LiveFeed(
      Vertx vertx, Database database, Access access, String version, MeterRegistry registry) {
    this.vertx = vertx;
    this.database = database;
    this.access = access;
    this.neighbours = new Neighbours(database, this::show, this::cutAllOff);
    this.version = version;
    Gauge.builder("plantroom.live.clients", clients, Set::size).register(registry);
    cutOff = registry.counter("plantroom.live.clients.cut.off");
  }

  /** Something that happened at a site. */
  public record Item(String siteId, String event, Object body) {}

  @Override
  public void start() throws Exception {
    neighbours.start();
  }

  @Override
  public void stop() {
    neighbours.stop();
  }

  /** Names who knows how the things of an event stand; to be called before the start. */
  public void source(String event, LiveSource source) {
    sources.put(event, source);
  }

  /** Shows how a thing now stands, on the consoles of every hub. Looks it up, so it may block. */
  public void changed(String event, String id) {
    show(event, List.of(id));
    tell(event, List.of(id));
  }

  /** Lets the other hubs show how some things now stand. Never blocks. */
  public void tell(String event, List<String> ids) {
    neighbours.tell(event, ids);
  }

  private void show(String event, List<String> ids) {
    LiveSource source = sources.get(event);
    if (source != null && !clients.isEmpty()) {
      publish(source.find(ids));
    }
  }

  /** Something may have been missed: the consoles come back and ask how everything stands. */
  private void cutAllOff() {
    clients.forEach(client -> client.context.runOnContext(v -> client.end()));
  }

  private record Hello(Instant serverTime, String version) {}

  /** Shows items on the consoles of this hub only. Never blocks. */
  public void publish(List<Item> items) {
    if (clients.isEmpty() || items.isEmpty()) {
      return;
    }
    List<Ready> ready =
        items.stream()
            .map(i -> new Ready(i.siteId(), frame(i.event(), Json.write(i.body()))))
            .toList();
    clients.forEach(client -> client.send(ready));
  }

  /** Answers operation {@code events}. */
  public void open(Call call, HttpServerResponse response) {
    response
        .setChunked(true)
        .setWriteQueueMaxSize(MOST_PENDING)
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("Cache-Control", "no-store")
        // The server may compress; a compressed stream would be held back.
        .putHeader("Content-Encoding", "identity")
        .putHeader("X-Accel-Buffering", "no");
    Context context = vertx.getOrCreateContext();
    new Client(call, response, context).start();
  }

  private static String frame(String event, String data) {
    return "event: " + event + "\ndata: " + data + "\n\n";
  }

  private record Ready(String siteId, String text) {}

  private final class Client {
    private final Call call;
    private final HttpServerResponse response;
    private final Context context;
    private volatile Set<String> sites = Set.of();
    private long timer;
    private int beats;
    private boolean greeted;

    Client(Call call, HttpServerResponse response, Context context) {
      this.call = call;
      this.response = response;
      this.context = context;
    }

    void start() {
      response.exceptionHandler(e -> gone());
      response.closeHandler(v -> gone());
      response.endHandler(v -> gone());
      timer = vertx.setPeriodic(HEARTBEAT_MILLIS, id -> beat());
      refresh();
    }

    void send(List<Ready> items) {
      Set<String> mine = sites;
      StringBuilder text = new StringBuilder();
      for (Ready item : items) {
        if (mine.contains(item.siteId())) {
          text.append(item.text());
        }
      }
      if (text.length() > 0) {
        context.runOnContext(v -> write(text.toString()));
      }
    }

    private void beat() {
      write(": beat\n\n");
      if (++beats % SITES_EVERY_BEATS == 0) {
        refresh();
      }
    }

    private void write(String text) {
      if (response.closed() || response.ended()) {
        return;
      }
      if (response.writeQueueFull()) {
        cutOff.increment();
        LOGGER.atInfo().addKeyValue("user", call.caller().name()).log("slow console cut off");
        gone();
        response.reset();
        return;
      }
      response.write(text);
    }

    /** Grants may have changed, the session may be over, or the account may be closed. */
    private void refresh() {
      vertx
          .executeBlocking(this::visible, false)
          .onSuccess(
              found -> {
                if (found.isEmpty() || response.closed()) {
                  end();
                  return;
                }
                sites = found.get();
                greet();
              })
          .onFailure(
              e -> {
                LOGGER.atWarn().setCause(e).log("sites of a live client not refreshed");
                if (!greeted) {
                  end();
                }
              });
    }

    /** First on the list, then the greeting: a snapshot asked for after it misses nothing. */
    private void greet() {
      if (!greeted) {
        greeted = true;
        clients.add(this);
        write("retry: 3000\n" + frame("hello", Json.write(new Hello(Instant.now(), version))));
      }
    }

    private Optional<Set<String>> visible() {
      String session = call.token();
      if (call.caller().byCookie() && (session == null || access.bySession(session).isEmpty())) {
        return Optional.empty();
      }
      return Optional.of(sitesNow());
    }

    private Set<String> sitesNow() {
      return new HashSet<>(
          database
              .jdbi()
              .withHandle(
                  h ->
                      call.visible(
                              h.createQuery(
                                  """
                                  SELECT s FROM allowed_sites(:account, :roles) s
                                   WHERE EXISTS (SELECT 1 FROM account WHERE id = :account AND active)"""))
                          .mapTo(String.class)
                          .list()));
    }

    private void end() {
      gone();
      if (!response.ended() && !response.closed()) {
        response.end();
      }
    }

    private void gone() {
      clients.remove(this);
      vertx.cancelTimer(timer);
    }
  }
}
