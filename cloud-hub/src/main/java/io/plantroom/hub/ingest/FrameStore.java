package io.plantroom.hub.ingest;

import io.plantroom.hub.telemetry.PointKey;
import io.plantroom.hub.telemetry.PointRef;
import io.plantroom.hub.telemetry.PointRegistry;
import io.plantroom.hub.telemetry.SampleStore;
import io.plantroom.hub.telemetry.StoredSample;
import io.plantroom.telemetry.Lane;
import io.plantroom.telemetry.Sample;
import io.plantroom.wire.Event;
import io.plantroom.wire.Frame;
import io.plantroom.wire.FrameHeader;
import io.plantroom.wire.JsonWire;
import io.plantroom.wire.Receipt;
import io.plantroom.wire.Receipt.Outcome;
import io.plantroom.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What one transaction does with some frames: rules of the watermark, data, events, marks. */
final class FrameStore {
  private static final String GATEWAYS =
      """
      SELECT id, code, site_id FROM gateway WHERE listed AND code = ANY (:codes)""";

  private static final String LATER =
      """
      SELECT event FROM event_log WHERE gateway_id = :gateway AND epoch = :epoch AND seq > :seq
         AND event LIKE :occurrence ORDER BY seq""";

  /**
   * Two queues of one gateway have watermarks of their own, yet their events change the same
   * alarms: they take turns on the gateway's row.
   */
  private static final String TAKE_TURNS =
      """
      SELECT id FROM gateway WHERE id = ANY (:ids) ORDER BY id FOR NO KEY UPDATE""";

  private static final String LOG =
      """
      INSERT INTO event_log (gateway_id, epoch, seq, at, clock_trusted, event)
      VALUES (:gateway, :epoch, :seq, :at, :trusted, :event)""";

  private final PointRegistry points;
  private final SampleStore samples;
  private final List<EventListener> eventListeners;

  FrameStore(PointRegistry points, SampleStore samples, List<EventListener> eventListeners) {
    this.points = points;
    this.samples = samples;
    this.eventListeners = List.copyOf(eventListeners);
  }

  /** What became of the frames, in their order; to be acted on only after the commit. */
  static final class Result {
    final List<@Nullable Receipt> receipts = new ArrayList<>();
    final List<StoredSample> fresh = new ArrayList<>();
    final List<Runnable> actions = new ArrayList<>();
    final Map<PointKey, PointRef> made = new HashMap<>();
    private final List<Part> parts = new ArrayList<>();
    int samples;
    int events;
    int quarantined;
  }

  /** What is new in a frame of telemetry: its samples from some sequence on. */
  private record Part(GatewayRef gateway, long epoch, long from, List<Sample> samples) {}

  Result store(Handle handle, List<Incoming> frames) throws SQLException {
    Result result = new Result();
    Map<String, GatewayRef> gateways = gateways(handle, frames);
    takeTurns(handle, frames, gateways);
    Watermarks marks = lock(handle, frames, gateways);
    for (Incoming in : frames) {
      FrameHeader header = in.header();
      GatewayRef gateway = header == null ? null : gateways.get(header.gateway());
      if (header == null) {
        Quarantine.add(handle, in.delivery(), String.valueOf(in.problem()));
        result.quarantined++;
        result.receipts.add(null);
      } else if (gateway == null) {
        String reason = "gateway '" + header.gateway() + "' is not known to this hub";
        Quarantine.addRefused(handle, in.delivery(), header.gateway(), reason);
        result.quarantined++;
        result.receipts.add(receipt(header, 0, Outcome.REFUSED, reason));
      } else {
        result.receipts.add(settle(handle, marks, gateway, in, header, result));
      }
    }
    marks.write();
    append(handle, result);
    return result;
  }

  private Receipt settle(
      Handle handle,
      Watermarks marks,
      GatewayRef gateway,
      Incoming in,
      FrameHeader header,
      Result result) {
    Watermarks.Key key = Watermarks.Key.of(gateway, header);
    long mark = marks.of(key);
    if (header.lastSequence() <= mark) {
      return receipt(header, mark, Outcome.COMMITTED, null);
    }
    if (header.firstSequence() > mark + 1) {
      boolean gone =
          header.firstSequence() == header.firstKept()
              || Losses.toldOfAll(handle, key, mark + 1, header.firstSequence() - 1);
      if (!gone) {
        return receipt(
            header,
            mark,
            Outcome.HOLE,
            "expected " + (mark + 1) + ", got " + header.firstSequence());
      }
      Losses.gap(handle, key, mark + 1, header.firstSequence() - 1);
      mark = header.firstSequence() - 1;
    }
    Frame frame = in.frame();
    if (frame == null) {
      String reason = "set aside: " + in.problem();
      Quarantine.add(handle, in.delivery(), String.valueOf(in.problem()));
      marks.gap(key, mark + 1, header.lastSequence(), "quarantine");
      result.quarantined++;
      marks.move(key, header.lastSequence());
      return receipt(header, header.lastSequence(), Outcome.COMMITTED, reason);
    }
    take(handle, gateway, frame, new Losses.Range(mark + 1, header.lastSequence()), result);
    marks.move(key, header.lastSequence());
    return receipt(header, header.lastSequence(), Outcome.COMMITTED, null);
  }

  /**
   * Stores of a frame that was set aside what is not in the tables: what the gaps of quarantine
   * cover, and what lies above the watermark.
   */
  Result replay(Handle handle, Incoming in) throws SQLException {
    Result result = new Result();
    FrameHeader header = Objects.requireNonNull(in.header());
    Frame frame = Objects.requireNonNull(in.frame());
    Map<String, GatewayRef> gateways = gateways(handle, List.of(in));
    GatewayRef gateway = gateways.get(header.gateway());
    if (gateway == null) {
      throw new IllegalArgumentException("gateway '" + header.gateway() + "' is not known");
    }
    takeTurns(handle, List.of(in), gateways);
    Watermarks marks = lock(handle, List.of(in), gateways);
    Watermarks.Key key = Watermarks.Key.of(gateway, header);
    long mark = marks.of(key);
    if (header.firstSequence() > mark + 1) {
      throw new IllegalArgumentException("record " + (mark + 1) + " must come first");
    }
    long to = header.lastSequence();
    List<Losses.Range> ranges =
        new ArrayList<>(Losses.reopen(handle, key, header.firstSequence(), Math.min(to, mark)));
    if (to > mark) {
      ranges.add(new Losses.Range(mark + 1, to));
      marks.move(key, to);
    }
    for (Losses.Range range : ranges) {
      take(handle, gateway, frame, range, result);
    }
    if (frame instanceof Frame.Events events) {
      clearAgain(handle, gateway, events, result);
    }
    marks.write();
    append(handle, result);
    return result;
  }

  /** The end of an alarm may have come while its beginning was set aside: it is told once more. */
  private void clearAgain(Handle handle, GatewayRef gateway, Frame.Events frame, Result result) {
    for (Event event : frame.events()) {
      if (event instanceof Event.AlarmChange raised && raised.change() == Event.Change.RAISED) {
        for (Event later : later(handle, gateway, frame.header(), raised)) {
          for (EventListener listener : eventListeners) {
            listener.on(handle, gateway, later, result.actions::add);
          }
        }
      }
    }
  }

  private static List<Event> later(
      Handle handle, GatewayRef gateway, FrameHeader header, Event.AlarmChange raised) {
    List<Event> found = new ArrayList<>();
    for (String text :
        handle
            .createQuery(LATER)
            .bind("gateway", gateway.id())
            .bind("epoch", header.epoch())
            .bind("seq", header.lastSequence())
            .bind("occurrence", "%" + raised.occurrence() + "%")
            .mapTo(String.class)
            .list()) {
      try {
        for (Event e : JsonWire.events(text.getBytes(StandardCharsets.UTF_8))) {
          if (e instanceof Event.AlarmChange c && c.change() == Event.Change.CLEARED) {
            found.add(c);
          }
        }
      } catch (WireException e) {
        throw new IllegalStateException("the log has an event that cannot be read", e);
      }
    }
    return found;
  }

  private void take(
      Handle handle, GatewayRef gateway, Frame frame, Losses.Range range, Result result) {
    if (frame instanceof Frame.Telemetry t) {
      List<Sample> news = part(t.header(), t.samples(), range);
      result.parts.add(new Part(gateway, t.header().epoch(), range.from(), news));
    } else if (frame instanceof Frame.Events events) {
      apply(handle, gateway, events, range, result);
    }
  }

  /** Stores the samples of all frames together: small frames must not cost statements each. */
  private void append(Handle handle, Result result) throws SQLException {
    List<PointRegistry.Wanted> wanted = new ArrayList<>(result.parts.size());
    for (Part part : result.parts) {
      wanted.add(new PointRegistry.Wanted(part.gateway().id(), part.samples()));
      result.samples += part.samples().size();
    }
    List<List<PointRef>> refs = points.resolve(handle, wanted, result.made);
    List<StoredSample> fresh = new ArrayList<>(result.samples);
    for (int p = 0; p < refs.size(); p++) {
      Part part = result.parts.get(p);
      for (int i = 0; i < part.samples().size(); i++) {
        fresh.add(
            new StoredSample(
                refs.get(p).get(i),
                part.gateway().siteId(),
                part.samples().get(i),
                part.epoch(),
                part.from() + i));
      }
    }
    result.fresh.addAll(samples.append(handle, fresh));
  }

  private void apply(
      Handle handle, GatewayRef gateway, Frame.Events frame, Losses.Range range, Result result) {
    long sequence = range.from();
    for (Event event : part(frame.header(), frame.events(), range)) {
      handle
          .createUpdate(LOG)
          .bind("gateway", gateway.id())
          .bind("epoch", frame.header().epoch())
          .bind("seq", sequence++)
          .bind("at", OffsetDateTime.ofInstant(event.at(), ZoneOffset.UTC))
          .bind("trusted", event.clockTrusted())
          .bind("event", new String(JsonWire.encode(List.of(event)), StandardCharsets.UTF_8))
          .execute();
      if (event instanceof Event.RecordsLost lost) {
        Losses.tell(handle, gateway, lost);
      }
      for (EventListener listener : eventListeners) {
        listener.on(handle, gateway, event, result.actions::add);
      }
      result.events++;
    }
  }

  private static <T> List<T> part(FrameHeader header, List<T> records, Losses.Range range) {
    return records.subList(
        (int) (range.from() - header.firstSequence()),
        (int) (range.to() - header.firstSequence() + 1));
  }

  private static Map<String, GatewayRef> gateways(Handle handle, List<Incoming> frames) {
    Set<String> codes =
        frames.stream()
            .map(Incoming::header)
            .filter(Objects::nonNull)
            .map(FrameHeader::gateway)
            .collect(Collectors.toSet());
    Map<String, GatewayRef> found = new HashMap<>();
    handle
        .createQuery(GATEWAYS)
        .bindArray("codes", String.class, codes.toArray())
        .map(
            (rs, ctx) ->
                new GatewayRef(rs.getInt("id"), rs.getString("code"), rs.getString("site_id")))
        .forEach(g -> found.put(g.code(), g));
    return found;
  }

  private static void takeTurns(
      Handle handle, List<Incoming> frames, Map<String, GatewayRef> gateways) {
    Set<Integer> ids = new TreeSet<>();
    for (Incoming in : frames) {
      FrameHeader header = in.header();
      GatewayRef gateway = header == null ? null : gateways.get(header.gateway());
      if (header != null && gateway != null && header.lane() == Lane.EVENTS) {
        ids.add(gateway.id());
      }
    }
    if (!ids.isEmpty()) {
      handle
          .createQuery(TAKE_TURNS)
          .bindArray("ids", Integer.class, ids.toArray())
          .mapTo(Integer.class)
          .list();
    }
  }

  private static Watermarks lock(
      Handle handle, List<Incoming> frames, Map<String, GatewayRef> gateways) {
    List<Watermarks.Key> keys = new ArrayList<>();
    for (Incoming in : frames) {
      FrameHeader header = in.header();
      GatewayRef gateway = header == null ? null : gateways.get(header.gateway());
      if (header != null && gateway != null) {
        keys.add(Watermarks.Key.of(gateway, header));
      }
    }
    return Watermarks.lock(handle, keys);
  }

  private static Receipt receipt(
      FrameHeader header, long watermark, Outcome outcome, @Nullable String reason) {
    return new Receipt(header.lane(), header.epoch(), watermark, outcome, header.round(), reason);
  }
}
