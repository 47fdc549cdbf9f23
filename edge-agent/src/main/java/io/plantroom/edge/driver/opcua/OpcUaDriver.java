package io.plantroom.edge.driver.opcua;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.RawValue;
import io.plantroom.edge.driver.SubscribingDriver;
import io.plantroom.edge.driver.WritingDriver;
import io.plantroom.profile.Point;
import io.plantroom.profile.Raw;
import io.plantroom.telemetry.Cause;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaMonitoredItem;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadValueId;
import org.eclipse.milo.opcua.stack.core.types.structured.WriteValue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One device of a server. Before anybody subscribed each read asks for all nodes. After that the
 * server tells changes, and a read costs no question: it gives what was last told, as of the
 * server's last word. Asked are only nodes that the server would not subscribe, and now and then
 * one node as a probe, because a server may go on talking while its device behind hangs.
 */
final class OpcUaDriver implements SubscribingDriver, WritingDriver {
  private static final Logger LOGGER = LoggerFactory.getLogger(OpcUaDriver.class);
  private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);
  private static final long TICKS_OF_A_MILLISECOND = 10_000;
  private static final long PROBE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long ASK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long SUBSCRIBE_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final OpcUaLine line;
  private final DeviceConfig device;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final Runnable onClose;
  private final Items items;
  private final Watch.Ear ear = this::heard;
  private final Map<String, RawValue> told = new ConcurrentHashMap<>();
  private final Map<String, OpcUaMonitoredItem> watched = new HashMap<>();
  private final Map<String, RawValue> unknown = new HashMap<>();
  private Set<String> named = Set.of();
  private List<Point> subscribed = List.of();
  private volatile @Nullable Consumer<List<RawValue>> sink;
  private @Nullable Watch watch;
  private Instant wordRead = Instant.MIN;
  private long nextProbe;
  private long askAgain;
  private @Nullable Long readsUntil;

  OpcUaDriver(
      OpcUaLine line,
      DeviceConfig device,
      InstantSource clock,
      LongSupplier nanoTime,
      Runnable onClose) {
    this.line = line;
    this.device = device;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.onClose = onClose;
    this.items = new Items(device);
  }

  @Override
  public void subscribe(List<Point> points, Consumer<List<RawValue>> sink) {
    this.subscribed = List.copyOf(points);
    this.sink = sink;
  }

  @Override
  public List<RawValue> read(List<Point> points) throws DriverException {
    Watch now = sink == null ? null : watch();
    if (now == null) {
      return ask(points);
    }
    if (nanoTime.getAsLong() - nextProbe >= 0 || !now.isActive()) {
      probe(points);
    }
    Instant word = now.lastWord();
    List<RawValue> values = new ArrayList<>(points.size());
    for (Point p : points) {
      RawValue value = known(p.name(), word);
      if (value != null) {
        values.add(value);
      }
    }
    if (values.size() < points.size()) {
      values = partlyAsked(points, values);
    }
    wordRead = word;
    return values;
  }

  /** What was told since the last read is given as it was told, the rest as of the last word. */
  private @Nullable RawValue known(String point, Instant word) {
    RawValue value = watched.containsKey(point) ? told.get(point) : null;
    if (value == null) {
      RawValue missing = unknown.get(point);
      return missing == null ? null : at(missing, word);
    }
    return value.at().isAfter(wordRead) || !value.at().isBefore(word) ? value : at(value, word);
  }

  private List<RawValue> partlyAsked(List<Point> points, List<RawValue> known)
      throws DriverException {
    Map<String, RawValue> values = new HashMap<>();
    known.forEach(v -> values.put(v.point(), v));
    List<Point> asked = points.stream().filter(p -> !values.containsKey(p.name())).toList();
    ask(asked).forEach(v -> values.put(v.point(), v));
    return points.stream().map(p -> Objects.requireNonNull(values.get(p.name()))).toList();
  }

  private static RawValue at(RawValue v, Instant at) {
    return new RawValue(v.point(), at, v.raw(), v.quality(), v.cause());
  }

  private List<RawValue> ask(List<Point> points) throws DriverException {
    if (points.isEmpty()) {
      return List.of();
    }
    List<ReadValueId> ids = points.stream().map(items::node).toList();
    List<DataValue> values = line.read(ids, device.profile().limits().timeout());
    Instant at = clock.instant();
    List<RawValue> read = new ArrayList<>(points.size());
    for (int i = 0; i < ids.size(); i++) {
      read.add(Values.of(points.get(i).name(), values.get(i), at));
    }
    return read;
  }

  @Override
  public RawValue fresh(Point point) throws DriverException {
    return ask(List.of(point)).get(0);
  }

  /** In the type that the variable has now: servers refuse every other. */
  @Override
  public void write(Point point, Raw value) throws DriverException {
    Duration timeout = device.profile().limits().timeout();
    ReadValueId id = items.node(point);
    DataValue now = line.read(List.of(id), timeout).get(0);
    DataValue wanted = DataValue.valueOnly(Values.variant(value, now.value().value()));
    StatusCode answer =
        line.write(
            new WriteValue(id.getNodeId(), id.getAttributeId(), id.getIndexRange(), wanted),
            timeout);
    if (!answer.isGood()) {
      throw new DriverException(
          Cause.DEVICE_EXCEPTION, id.getNodeId().toParseableString() + ": " + answer);
    }
  }

  private void probe(List<Point> points) throws DriverException {
    Point one =
        points.stream()
            .filter(p -> watched.containsKey(p.name()))
            .findFirst()
            .orElse(points.get(0));
    var unused = ask(List.of(one));
    nextProbe = nanoTime.getAsLong() + PROBE_NANOS;
  }

  /** The subscription that is in force, a new one if need be; null where the server has none. */
  private @Nullable Watch watch() throws DriverException {
    var unused = line.connected();
    try {
      Watch now = onlyReads() ? null : line.watch(interval());
      if (now != null && now == watch) {
        now.check();
        if (!unknown.isEmpty() && nanoTime.getAsLong() - askAgain >= 0) {
          begin(now, subscribed.stream().filter(p -> unknown.containsKey(p.name())).toList());
        }
      } else if (now != null) {
        watch = null;
        watched.clear();
        told.clear();
        begin(now, subscribed);
        watch = now;
      }
      return now;
    } catch (UaException e) {
      if (!isNoService(e.getStatusCode())) {
        line.close();
        throw new DriverException(
            Values.cause(e.getStatusCode()), line.server().url() + ": " + e.getMessage(), e);
      }
      readsUntil = nanoTime.getAsLong() + SUBSCRIBE_AGAIN_NANOS;
      LOGGER
          .atWarn()
          .addKeyValue("device", device.key())
          .addKeyValue("error", e.getStatusCode())
          .log("server has no subscriptions, it is read each period");
      return null;
    } catch (DriverException e) {
      line.close();
      throw e;
    }
  }

  /** For a while: a server may only have been full of what this gateway left when it restarted. */
  private boolean onlyReads() {
    return readsUntil != null && nanoTime.getAsLong() - readsUntil < 0;
  }

  private Duration interval() {
    Duration every = device.every();
    return every.compareTo(SHORTEST_INTERVAL) < 0 ? SHORTEST_INTERVAL : every;
  }

  private static boolean isNoService(StatusCode status) {
    long code = status.value();
    return code == StatusCodes.Bad_ServiceUnsupported
        || code == StatusCodes.Bad_NotImplemented
        || code == StatusCodes.Bad_NotSupported
        || code == StatusCodes.Bad_TooManySubscriptions;
  }

  /**
   * Reads once what is there now, then asks to be told. What was read is told, too: the server's
   * first word may come before this poll ends, and takes its place.
   */
  private void begin(Watch now, List<Point> points) throws DriverException {
    tell(ask(points));
    Map<String, OpcUaMonitoredItem> asked = new LinkedHashMap<>();
    points.forEach(p -> asked.put(p.name(), items.item(p, true, ear)));
    now.add(List.copyOf(asked.values()));
    List<OpcUaMonitoredItem> plain = new ArrayList<>();
    for (Point p : points) {
      OpcUaMonitoredItem item = Objects.requireNonNull(asked.get(p.name()));
      if (Items.refusesFilter(result(item))) {
        now.remove(List.of(item));
        OpcUaMonitoredItem other = items.item(p, false, ear);
        plain.add(other);
        asked.put(p.name(), other);
      }
    }
    if (!plain.isEmpty()) {
      now.add(plain);
    }
    List<OpcUaMonitoredItem> refused = new ArrayList<>();
    asked.forEach(
        (point, item) -> {
          StatusCode result = result(item);
          unknown.remove(point);
          if (result.isGood()) {
            watched.put(point, item);
          } else {
            refused.add(item);
            if (Values.isUnknown(result)) {
              unknown.put(point, RawValue.bad(point, clock.instant(), Values.cause(result)));
            }
          }
        });
    now.remove(refused);
    askAgain = nanoTime.getAsLong() + ASK_AGAIN_NANOS;
    nextProbe = nanoTime.getAsLong() + PROBE_NANOS;
    name(refused);
  }

  private static StatusCode result(OpcUaMonitoredItem item) {
    return item.getCreateResult().orElse(new StatusCode(StatusCodes.Bad_NoCommunication));
  }

  /** Says which points the server refuses, when that has changed. */
  private void name(List<OpcUaMonitoredItem> refused) {
    Set<String> now = new TreeSet<>();
    for (OpcUaMonitoredItem item : refused) {
      now.add(
          point(item).name()
              + " ("
              + item.getReadValueId().getNodeId().toParseableString()
              + " "
              + result(item)
              + ")");
    }
    if (!now.equals(named) && !now.isEmpty()) {
      LOGGER
          .atWarn()
          .addKeyValue("device", device.key())
          .addKeyValue("point", String.join(", ", now))
          .log("server refuses points, the others go on");
    }
    named = now;
  }

  private static Point point(OpcUaMonitoredItem item) {
    return ((Watch.Subject) item.getUserObject().orElseThrow()).point();
  }

  private void heard(List<Watch.Told> values, Instant at) {
    Map<String, DateTime> last = lastOfSeveral(values);
    List<RawValue> heard = new ArrayList<>(values.size());
    for (Watch.Told t : values) {
      Duration before = before(t.value().sourceTime(), last.get(t.point()));
      heard.add(Values.of(t.point(), t.value(), before.isZero() ? at : at.minus(before)));
    }
    tell(heard);
  }

  private void tell(List<RawValue> values) {
    values.forEach(v -> told.put(v.point(), v));
    Consumer<List<RawValue>> to = sink;
    if (to != null) {
      to.accept(values);
    }
  }

  /** Several values of one node that came at once keep their distance in time; mostly none do. */
  private static Map<String, DateTime> lastOfSeveral(List<Watch.Told> values) {
    Set<String> once = new HashSet<>();
    Map<String, DateTime> last = new HashMap<>();
    for (Watch.Told t : values) {
      DateTime time = t.value().sourceTime();
      if (!once.add(t.point()) && time != null) {
        last.put(t.point(), time);
      }
    }
    return last;
  }

  /** Only the difference of two times of the server is used: its clock may be years off. */
  private Duration before(@Nullable DateTime time, @Nullable DateTime last) {
    if (time == null || last == null) {
      return Duration.ZERO;
    }
    Duration distance =
        Duration.ofMillis((last.getUtcTime() - time.getUtcTime()) / TICKS_OF_A_MILLISECOND);
    return distance.isNegative() || distance.compareTo(interval().multipliedBy(2)) > 0
        ? Duration.ZERO
        : distance;
  }

  /** Nodes of a device that is asked no more are not told any more. */
  @Override
  public void close() {
    Watch now = watch;
    if (now != null) {
      now.forget(List.copyOf(watched.values()));
    }
    watched.clear();
    watch = null;
    sink = null;
    onClose.run();
  }
}
