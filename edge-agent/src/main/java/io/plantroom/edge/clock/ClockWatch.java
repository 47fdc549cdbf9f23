package io.plantroom.edge.clock;

import io.plantroom.edge.poll.ClockTrust;
import io.plantroom.telemetry.Sample;
import io.plantroom.wire.Event;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the wall clock against the monotonic one. Before the time is known, and after a jump, what
 * is recorded is marked; once the time is known, marked records that are still here get the time
 * they should have had. All of it is forgotten with the process: what is older stays marked.
 *
 * <p>Thread-safe. To be asked at least once a second, so that a jump is seen when it happens.
 */
public final class ClockWatch implements ClockTrust {
  private static final Logger LOGGER = LoggerFactory.getLogger(ClockWatch.class);

  /** What a clock is never moved by while it is merely disciplined. */
  static final Duration JUMP = Duration.ofSeconds(2);

  /** So long after a jump that nobody took back, the new time is believed. */
  static final Duration QUIET = Duration.ofMinutes(10);

  /** Longest time from a device's answer until its samples are made. */
  private static final Duration UNDER_WAY = Duration.ofMinutes(1);

  private static final int MOST_SPANS = 64;

  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final BooleanSupplier synchronised;
  private final List<Span> spans = new ArrayList<>();

  /** Wall clock minus monotonic clock, in milliseconds: constant but for what moves the clock. */
  private long skew;

  private Doubt doubt = Doubt.NONE;
  private long skewBelieved;
  private long doubtedSince;

  private enum Doubt {
    NONE,
    /** The machine has not got the time since it started. */
    NOT_SET,
    /** The time was believed, and then somebody moved it. */
    JUMPED
  }

  /** A time in which records were marked, by the wrong clock of that time. */
  private static final class Span {
    private final long skew;
    private final Instant from;
    private @Nullable Instant to;
    private @Nullable Duration correction;
    private long ended;

    Span(long skew, Instant from) {
      this.skew = skew;
      this.from = from;
    }

    boolean holds(Instant at) {
      Instant end = to;
      return !at.isBefore(from) && (end == null || !at.isAfter(end));
    }
  }

  /**
   * A watch.
   *
   * @param synchronised whether this machine says that its clock has been set
   */
  public ClockWatch(InstantSource clock, LongSupplier nanoTime, BooleanSupplier synchronised) {
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.synchronised = synchronised;
    skew = skewNow();
    skewBelieved = skew;
    if (!plausible()) {
      begin(Doubt.NOT_SET);
    }
  }

  /** Where systemd keeps the time, its word counts; elsewhere only what is certainly wrong. */
  public static ClockWatch ofThisMachine(InstantSource clock) {
    Path timesync = Path.of("/run/systemd/timesync");
    return new ClockWatch(
        clock,
        System::nanoTime,
        () -> !Files.isDirectory(timesync) || Files.exists(timesync.resolve("synchronized")));
  }

  @Override
  public synchronized boolean trusted() {
    long before = skew;
    skew = skewNow();
    if (Math.abs(skew - before) > JUMP.toMillis()) {
      jumped(before);
    }
    if (doubt == Doubt.NOT_SET && plausible()) {
      believe(true);
    } else if (doubt == Doubt.JUMPED && Math.abs(skew - skewBelieved) <= JUMP.toMillis()) {
      believe(true);
    } else if (doubt == Doubt.JUMPED && nanoTime.getAsLong() - doubtedSince > QUIET.toNanos()) {
      // Nobody took it back: it may be right, but the records in between cannot be judged.
      believe(false);
    }
    return doubt == Doubt.NONE;
  }

  @Override
  public synchronized boolean wasWrong(Instant at) {
    for (Span s : spans) {
      if (s.to != null && nanoTime.getAsLong() - s.ended < UNDER_WAY.toNanos() && s.holds(at)) {
        // A smaller jump cannot be told from an answer that has waited.
        Instant now = clock.instant();
        return at.isAfter(now.plus(JUMP)) || at.isBefore(now.minus(UNDER_WAY));
      }
    }
    return false;
  }

  private void jumped(long before) {
    LOGGER
        .atWarn()
        .addKeyValue("byMillis", skew - before)
        .addKeyValue("trusted", doubt == Doubt.NONE)
        .log("the clock jumped");
    if (doubt == Doubt.NONE) {
      skewBelieved = before;
      begin(Doubt.JUMPED);
    } else {
      end(before);
      begin(doubt);
    }
  }

  private void begin(Doubt why) {
    doubt = why;
    doubtedSince = nanoTime.getAsLong();
    if (spans.size() == MOST_SPANS) {
      spans.remove(0);
    }
    // A record's time is taken shortly before anybody asks whether it can be believed.
    spans.add(new Span(skew, clock.instant().minusSeconds(1)));
  }

  /** The newest span ends now, by the clock it had. */
  private void end(long skewThen) {
    Span newest = spans.get(spans.size() - 1);
    newest.ended = nanoTime.getAsLong();
    newest.to = Instant.ofEpochMilli(monotonicMillis() + skewThen).plusSeconds(1);
  }

  private void believe(boolean known) {
    Span newest = spans.get(spans.size() - 1);
    end(newest.skew);
    if (known) {
      for (Span s : spans) {
        s.correction = s.correction == null ? Duration.ofMillis(skew - s.skew) : s.correction;
      }
    } else {
      spans.removeIf(s -> s.correction == null);
    }
    doubt = Doubt.NONE;
    skewBelieved = skew;
    LOGGER.atInfo().addKeyValue("known", known).log("the clock is trusted");
  }

  private boolean plausible() {
    return clock.instant().isAfter(FLOOR) && synchronised.getAsBoolean();
  }

  private long monotonicMillis() {
    return Math.floorDiv(nanoTime.getAsLong(), 1_000_000L);
  }

  private long skewNow() {
    return clock.millis() - monotonicMillis();
  }

  /** The sample with the time it should have had, if that is known by now; else as it is. */
  public Sample restamp(Sample s) {
    Instant at = s.clockTrusted() ? null : corrected(s.at());
    return at == null
        ? s
        : new Sample(s.device(), s.point(), at, s.value(), s.quality(), s.cause(), true);
  }

  /** The event with the time it should have had, if that is known by now; else as it is. */
  public Event restamp(Event event) {
    if (event instanceof Event.AlarmChange a && !a.clockTrusted()) {
      Instant at = corrected(a.at());
      return at == null
          ? a
          : new Event.AlarmChange(
              at, true, a.occurrence(), a.device(), a.alarm(), a.change(), a.point(), a.value());
    }
    if (event instanceof Event.LinkChange l && !l.clockTrusted()) {
      Instant at = corrected(l.at());
      return at == null ? l : new Event.LinkChange(at, true, l.device(), l.online(), l.reason());
    }
    if (event instanceof Event.Inventory i && !i.clockTrusted()) {
      Instant at = corrected(i.at());
      return at == null ? i : new Event.Inventory(at, true, i.version(), i.devices());
    }
    return event;
  }

  /** Null when it is not known, or when two wrong clocks have shown the same time. */
  private synchronized @Nullable Instant corrected(Instant at) {
    Span found = null;
    for (Span s : spans) {
      if (s.holds(at)) {
        if (found != null) {
          return null;
        }
        found = s;
      }
    }
    return found == null || found.correction == null ? null : at.plus(found.correction);
  }
}
