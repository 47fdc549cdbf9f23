package io.plantroom.edge.poll;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.driver.AskingDriver;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.PlanningDriver;
import io.plantroom.edge.driver.ProtocolDriver;
import io.plantroom.edge.driver.RawValue;
import io.plantroom.edge.driver.SubscribingDriver;
import io.plantroom.profile.LocalText;
import io.plantroom.profile.Point;
import io.plantroom.profile.ScanClass;
import io.plantroom.telemetry.Cause;
import io.plantroom.telemetry.Sample;
import io.plantroom.wire.Event;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One device: asks, gives meaning, tells. A poll is {@link #begin}, then {@link #step} while it
 * {@link #hasMore}, then {@link #finish}. Confined to the engine's thread but for {@link #status}.
 */
final class DevicePoller {
  private static final Logger LOGGER = LoggerFactory.getLogger(DevicePoller.class);

  private final ProtocolDriver driver;
  private final PollSink sink;
  private final InstantSource clock;
  private final ClockTrust trust;
  private final ReportFilter filter;
  private final Map<Integer, List<Point>> duePoints = new HashMap<>();
  // By identity: a cycle asks with the same few lists again and again.
  private final IdentityHashMap<List<Point>, List<List<Point>>> requests = new IdentityHashMap<>();
  private long cycle;
  private List<List<Point>> steps = List.of();
  private int step;
  private List<Point> asked = new ArrayList<>();
  private List<RawValue> answers = new ArrayList<>();
  private final Map<String, BigDecimal> scales = new HashMap<>();

  /** The newest word of each point that came unasked. */
  private final Map<String, RawValue> heard = new HashMap<>();

  private @Nullable DriverException failure;
  private volatile DeviceConfig device;
  private volatile DeviceStatus status;

  DevicePoller(
      DeviceConfig device,
      ProtocolDriver driver,
      PollSink sink,
      InstantSource clock,
      ClockTrust trust,
      Duration heartbeat) {
    this.device = device;
    this.driver = driver;
    this.sink = sink;
    this.clock = clock;
    this.trust = trust;
    this.filter = new ReportFilter(device.profile().points(), heartbeat);
    this.status = new DeviceStatus(device, new LinkState.Unknown(), 0, 0, 0, false, null);
  }

  DeviceStatus status() {
    return status;
  }

  ProtocolDriver driver() {
    return driver;
  }

  /** Whether it did not answer when it was last asked. */
  boolean silent() {
    return status.link().misses() > 0;
  }

  /** From the beginning of the last poll to that of the next. */
  Duration pause() {
    return status.link().next(device.every());
  }

  /**
   * A poll is due.
   *
   * @param inTurns whether others of the bus may come between two requests
   */
  void begin(boolean inTurns) {
    List<Point> points = due();
    step = 0;
    asked = new ArrayList<>(points.size());
    answers = new ArrayList<>(points.size());
    failure = null;
    steps = inTurns ? requests.computeIfAbsent(points, this::requests) : List.of(points);
  }

  private List<List<Point>> requests(List<Point> points) {
    return driver instanceof PlanningDriver planning ? planning.requests(points) : List.of(points);
  }

  boolean hasMore() {
    return failure == null && step < steps.size();
  }

  /**
   * Asks for the next part of the poll.
   *
   * @param done gets, from any thread, what is then to be run on the engine's
   */
  void step(Executor workers, Consumer<Runnable> done) {
    List<Point> points = steps.get(step);
    step++;
    List<RawValue> known = driver instanceof SubscribingDriver s ? s.known(points) : null;
    if (known != null) {
      done.accept(() -> took(points, known, null));
    } else if (driver instanceof AskingDriver asking) {
      ask(asking, points, done);
    } else {
      workers.execute(() -> done.accept(read(points)));
    }
  }

  private void ask(AskingDriver asking, List<Point> points, Consumer<Runnable> done) {
    try {
      var unused =
          asking
              .ask(points)
              .whenComplete(
                  (values, e) -> done.accept(() -> took(points, values, e == null ? null : of(e))));
    } catch (RuntimeException | Error e) {
      done.accept(() -> took(points, null, of(e)));
    }
  }

  private Runnable read(List<Point> points) {
    try {
      List<RawValue> values = driver.read(points);
      return () -> took(points, values, null);
    } catch (DriverException | RuntimeException | Error e) {
      return () -> took(points, null, of(e));
    }
  }

  /** A device that says nonsense must never stop the others of its bus. */
  private static DriverException of(Throwable e) {
    Throwable reason = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
    return reason instanceof DriverException known
        ? known
        : new DriverException(
            Cause.INVALID_REPLY, "应答无法识别：" + reason, "unreadable answer: " + reason, reason);
  }

  private void took(
      List<Point> points, @Nullable List<RawValue> values, @Nullable DriverException e) {
    if (values == null) {
      failure = Objects.requireNonNull(e);
      return;
    }
    asked.addAll(points);
    answers.addAll(values);
  }

  /** Tells what came of the poll. */
  void finish() {
    DriverException e = failure;
    if (e != null) {
      missed(e.reason(), e.words());
    } else {
      dropHeard();
      answered(samples(asked, answers), 1);
    }
  }

  /** What came unasked since and is now read as it was, was handled when it came. */
  private void dropHeard() {
    if (heard.isEmpty()) {
      return;
    }
    List<Point> points = new ArrayList<>();
    List<RawValue> values = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      RawValue value = answers.get(i);
      if (!value.equals(heard.get(value.point()))) {
        points.add(asked.get(i));
        values.add(value);
      }
    }
    asked = points;
    answers = values;
  }

  /**
   * From now on the device may also speak first; what it says is handled on the engine's thread.
   */
  void listen(Executor engine) {
    if (driver instanceof SubscribingDriver telling) {
      Map<String, Point> points = new HashMap<>();
      device.profile().points().forEach(p -> points.put(p.name(), p));
      telling.subscribe(
          device.profile().points(), values -> engine.execute(() -> heard(points, values)));
    }
  }

  private void heard(Map<String, Point> points, List<RawValue> values) {
    List<Point> of = new ArrayList<>(values.size());
    List<RawValue> known = new ArrayList<>(values.size());
    for (RawValue v : values) {
      Point point = points.get(v.point());
      if (point != null) {
        of.add(point);
        known.add(v);
      }
    }
    if (!known.isEmpty()) {
      answered(samples(of, known), 0);
      // Only now: what the sink did not take is to be read again.
      known.forEach(v -> heard.put(v.point(), v));
    }
  }

  private List<Sample> samples(List<Point> points, List<RawValue> values) {
    List<Sample> samples = Meaning.samples(device, points, values, trust.trusted(), scales);
    samples.replaceAll(s -> trust.wasWrong(s.at()) ? s.withClockTrusted(false) : s);
    return samples;
  }

  /** Goes on under other names; it is the same device, asked in the same way. */
  void rename(DeviceConfig to) {
    device = to;
    DeviceStatus s = status;
    status =
        new DeviceStatus(
            to, s.link(), s.polls(), s.misses(), s.overruns(), s.late(), s.lastAnswer());
  }

  /** How many periods had to be left out by this poll. Those of a silent device do not count. */
  void overran(long periods) {
    DeviceStatus s = status;
    long counted = s.online() ? periods : 0;
    if (counted > 0 || s.late()) {
      status =
          new DeviceStatus(
              device,
              s.link(),
              s.polls(),
              s.misses(),
              s.overruns() + counted,
              counted > 0,
              s.lastAnswer());
    }
  }

  void close() {
    driver.close();
  }

  /** The points of this cycle; the first, and the first after an outage, reads all. */
  private List<Point> due() {
    int key = 0;
    for (ScanClass scan : ScanClass.values()) {
      key = key * 2 + (cycle % scan.cycles() == 0 ? 1 : 0);
    }
    long now = cycle;
    cycle++;
    List<Point> all = device.profile().points();
    List<Point> points =
        duePoints.computeIfAbsent(
            key, k -> all.stream().filter(p -> now % p.scan().cycles() == 0).toList());
    return points.isEmpty() ? all : points;
  }

  private void answered(List<Sample> read, int polls) {
    Instant now = clock.instant();
    moved(status.link().succeeded(now), polls, 0, now);
    sink.onRead(device, read);
    tell(read);
  }

  private void missed(Cause cause, LocalText reason) {
    Instant now = clock.instant();
    moved(status.link().failed(now, reason), 1, 1, null);
    if (!status.online()) {
      cycle = 0;
      heard.clear();
      boolean trusted = trust.trusted();
      List<Sample> bad =
          device.profile().points().stream()
              .map(p -> Sample.bad(device.key(), p.name(), now, cause).withClockTrusted(trusted))
              .toList();
      sink.onRead(device, bad);
      tell(bad);
    }
  }

  private void tell(List<Sample> read) {
    List<Sample> worth = filter.worthTelling(read);
    if (!worth.isEmpty()) {
      try {
        sink.onReport(worth);
      } catch (RuntimeException e) {
        filter.forget(worth);
        throw e;
      }
    }
  }

  private void moved(LinkState next, int polls, int missed, @Nullable Instant answer) {
    DeviceStatus s = status;
    boolean wasOnline = s.online();
    boolean first = s.link() instanceof LinkState.Unknown;
    status =
        new DeviceStatus(
            device,
            next,
            s.polls() + polls,
            s.misses() + missed,
            s.overruns(),
            s.late(),
            answer == null ? s.lastAnswer() : answer);
    if (first || wasOnline != status.online()) {
      String reason = next instanceof LinkState.Offline off ? off.reason().en() : null;
      LoggingEventBuilder log = LOGGER.atLevel(reason == null ? Level.INFO : Level.WARN);
      if (reason != null) {
        log = log.addKeyValue("error", reason);
      }
      log.addKeyValue("device", device.key())
          .addKeyValue("link", reason == null ? "online" : "offline")
          .log("link changed");
      try {
        sink.onLink(
            new Event.LinkChange(
                clock.instant(), trust.trusted(), device.key(), status.online(), reason));
      } catch (RuntimeException e) {
        // Nobody knows of the change, so it has not happened yet: the next poll tells it.
        status = s;
        throw e;
      }
    }
  }
}
