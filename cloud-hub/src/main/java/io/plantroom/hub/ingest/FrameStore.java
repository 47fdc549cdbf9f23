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
    int samples;
    int events;
    int quarantined;
  }

  Result store(Handle handle, List<Incoming> frames) throws SQLException {
    Result result = new Result();
    Map<String, GatewayRef> gateways = gateways(handle, frames);
    takeTurns(handle, frames, gateways);
    Watermarks marks = lock(handle, frames, gateways);
    List<StoredSample> fresh = new ArrayList<>();
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
        result.receipts.add(settle(handle, marks, gateway, in, header, result, fresh));
      }
    }
    marks.write();
    result.samples = fresh.size();
    result.fresh.addAll(samples.append(handle, fresh));
    return result;
  }

  private Receipt settle(
      Handle handle,
      Watermarks marks,
      GatewayRef gateway,
      Incoming in,
      FrameHeader header,
      Result result,
      List<StoredSample> fresh) {
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
    int skip = (int) (mark + 1 - header.firstSequence());
    Frame frame = in.frame();
    if (frame == null) {
      String reason = "set aside: " + in.problem();
      Quarantine.add(handle, in.delivery(), String.valueOf(in.problem()));
      marks.gap(key, mark + 1, header.lastSequence(), "quarantine");
      result.quarantined++;
      marks.move(key, header.lastSequence());
      return receipt(header, header.lastSequence(), Outcome.COMMITTED, reason);
    }
    if (frame instanceof Frame.Telemetry telemetry) {
      collect(handle, gateway, telemetry, skip, result, fresh);
    } else if (frame instanceof Frame.Events events) {
      apply(handle, gateway, events, skip, result);
    }
    marks.move(key, header.lastSequence());
    return receipt(header, header.lastSequence(), Outcome.COMMITTED, null);
  }

  private void collect(
      Handle handle,
      GatewayRef gateway,
      Frame.Telemetry frame,
      int skip,
      Result result,
      List<StoredSample> fresh) {
    List<Sample> news = frame.samples().subList(skip, frame.samples().size());
    Map<PointKey, PointRef> refs = points.resolve(handle, gateway.id(), news);
    result.made.putAll(refs);
    long sequence = frame.header().firstSequence() + skip;
    for (Sample s : news) {
      PointRef ref =
          Objects.requireNonNull(refs.get(new PointKey(gateway.id(), s.device(), s.point())));
      fresh.add(new StoredSample(ref, gateway.siteId(), s, frame.header().epoch(), sequence++));
    }
  }

  private void apply(
      Handle handle, GatewayRef gateway, Frame.Events frame, int skip, Result result) {
    long sequence = frame.header().firstSequence() + skip;
    for (Event event : frame.events().subList(skip, frame.events().size())) {
      handle
          .createUpdate(LOG)
          .bind("gateway", gateway.id())
          .bind("epoch", frame.header().epoch())
          .bind("seq", sequence++)
          .bind("at", OffsetDateTime.ofInstant(event.at(), ZoneOffset.UTC))
          .bind("trusted", clockTrusted(event))
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

  private static boolean clockTrusted(Event event) {
    if (event instanceof Event.AlarmChange a) {
      return a.clockTrusted();
    }
    if (event instanceof Event.LinkChange l) {
      return l.clockTrusted();
    }
    if (event instanceof Event.RecordsLost r) {
      return r.clockTrusted();
    }
    return event instanceof Event.Inventory i && i.clockTrusted();
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
