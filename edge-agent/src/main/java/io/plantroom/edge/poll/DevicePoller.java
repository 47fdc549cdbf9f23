package io.plantroom.edge.poll;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.ProtocolDriver;
import io.plantroom.edge.driver.RawValue;
import io.plantroom.edge.driver.SubscribingDriver;
import io.plantroom.profile.Point;
import io.plantroom.profile.ScanClass;
import io.plantroom.telemetry.Cause;
import io.plantroom.telemetry.Sample;
import io.plantroom.wire.Event;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/** One device: asks, gives meaning, tells. Polls come from its bus, one at a time. */
final class DevicePoller {
  private static final Logger LOGGER = LoggerFactory.getLogger(DevicePoller.class);

  private volatile DeviceConfig device;
  private final ProtocolDriver driver;
  private final PollSink sink;
  private final InstantSource clock;
  private final ClockTrust trust;
  private final ReportFilter filter;
  private final Map<Integer, List<Point>> plans = new HashMap<>();
  private long cycle;
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
    this.status = new DeviceStatus(device, new LinkState.Unknown(), 0, 0, 0, null);
  }

  DeviceStatus status() {
    return status;
  }

  /**
   * Asks once.
   *
   * @return pause from the beginning of this poll to the next
   */
  Duration poll() {
    List<Sample> samples = read(due());
    if (samples != null) {
      // Not within the read: a sink that fails is not the device's fault.
      answered(samples, 1);
    }
    return status.link().next(device.every());
  }

  /** Null when the device did not answer; that has been told then. */
  private @Nullable List<Sample> read(List<Point> points) {
    try {
      List<RawValue> values = driver.read(points);
      boolean trusted = trust.trusted();
      List<Sample> samples = new ArrayList<>(values.size());
      for (int i = 0; i < values.size(); i++) {
        samples.add(Meaning.sample(device.key(), points.get(i), values.get(i), trusted));
      }
      return samples;
    } catch (DriverException e) {
      missed(e.reason(), String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      // A device that says nonsense must never stop the others of its bus.
      missed(Cause.INVALID_REPLY, "unreadable answer: " + e);
    }
    return null;
  }

  /** From now on the device may also speak first; what it says is handled on its bus. */
  void listen(Executor bus) {
    if (driver instanceof SubscribingDriver telling) {
      Map<String, Point> points = new HashMap<>();
      device.profile().points().forEach(p -> points.put(p.name(), p));
      telling.subscribe(
          device.profile().points(), values -> bus.execute(() -> heard(points, values)));
    }
  }

  private void heard(Map<String, Point> points, List<RawValue> values) {
    try {
      boolean trusted = trust.trusted();
      List<Sample> samples = new ArrayList<>(values.size());
      for (RawValue value : values) {
        Point point = points.get(value.point());
        if (point != null) {
          samples.add(Meaning.sample(device.key(), point, value, trusted));
        }
      }
      answered(samples, 0);
    } catch (RuntimeException e) {
      LOGGER
          .atError()
          .addKeyValue("device", device.key())
          .setCause(e)
          .log("what the device told could not be delivered");
    }
  }

  /** Goes on under other names; it is the same device, asked in the same way. */
  void rename(DeviceConfig to) {
    device = to;
    DeviceStatus s = status;
    status = new DeviceStatus(to, s.link(), s.polls(), s.misses(), s.overruns(), s.lastAnswer());
  }

  void overran(long periods) {
    DeviceStatus s = status;
    status =
        new DeviceStatus(
            device, s.link(), s.polls(), s.misses(), s.overruns() + periods, s.lastAnswer());
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
        plans.computeIfAbsent(
            key, k -> all.stream().filter(p -> now % p.scan().cycles() == 0).toList());
    return points.isEmpty() ? all : points;
  }

  private void answered(List<Sample> samples, int polls) {
    Instant now = clock.instant();
    moved(status.link().succeeded(now), polls, 0, now);
    sink.onRead(device, samples);
    tell(samples);
  }

  private void missed(Cause cause, String reason) {
    Instant now = clock.instant();
    moved(status.link().failed(now, reason), 1, 1, null);
    if (!status.online()) {
      cycle = 0;
      boolean trusted = trust.trusted();
      List<Sample> bad =
          device.profile().points().stream()
              .map(p -> Sample.bad(device.key(), p.name(), now, cause).withClockTrusted(trusted))
              .toList();
      sink.onRead(device, bad);
      tell(bad);
    }
  }

  private void tell(List<Sample> samples) {
    List<Sample> worth = filter.worthTelling(samples);
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
            answer == null ? s.lastAnswer() : answer);
    if (first || wasOnline != status.online()) {
      String reason = next instanceof LinkState.Offline off ? off.reason() : null;
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
