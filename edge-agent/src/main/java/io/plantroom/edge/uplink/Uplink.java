package io.plantroom.edge.uplink;

import io.plantroom.edge.clock.ClockWatch;
import io.plantroom.edge.outbox.Outbox;
import io.plantroom.edge.outbox.RecordClass;
import io.plantroom.steps.Steps;
import io.plantroom.telemetry.Lane;
import io.plantroom.telemetry.Sample;
import io.plantroom.wire.Event;
import io.plantroom.wire.Frame;
import io.plantroom.wire.FrameCodec;
import io.plantroom.wire.FrameHeader;
import io.plantroom.wire.GatewayStatus;
import io.plantroom.wire.JsonWire;
import io.plantroom.wire.LiveCodec;
import io.plantroom.wire.Receipt;
import io.plantroom.wire.Topics;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All queues on one connection: events first, then registers, then the rest. All of it runs on one
 * thread of its own. While there is a backlog, the newest values are shown beside it.
 */
public final class Uplink implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(Uplink.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration TICK = Duration.ofMillis(200);
  private static final Duration STATUS_EVERY = Duration.ofSeconds(5);
  private static final Duration LIVE_EVERY = Duration.ofSeconds(1);

  /** With fewer records before it, a value is at the hub soon enough. */
  private static final long LIVE_FROM = 500;

  private final String gateway;
  private final Transport transport;
  private final EnumMap<RecordClass, LaneSender<?>> senders = new EnumMap<>(RecordClass.class);
  private final Outbox<Sample> registerOutbox;
  private final Outbox<Sample> telemetryOutbox;
  private final LiveCopy live;
  private final Supplier<GatewayStatus> status;
  private final Steps steps =
      new Steps("uplink", e -> LOGGER.atError().setCause(e).log("uplink step failed"));
  private final Map<String, Consumer<byte[]>> heard = new HashMap<>();
  private final AtomicBoolean pumpAsked = new AtomicBoolean();
  private volatile @Nullable String down = "not connected yet";

  Uplink(
      String gateway,
      Transport transport,
      Outbox<Event> eventOutbox,
      Outbox<Sample> registerOutbox,
      Outbox<Sample> telemetryOutbox,
      LiveCopy live,
      ClockWatch clock,
      int window,
      Supplier<GatewayStatus> status) {
    this.gateway = gateway;
    this.transport = transport;
    this.status = status;
    this.registerOutbox = registerOutbox;
    this.telemetryOutbox = telemetryOutbox;
    this.live = live;
    // What was marked for its time may have got a better one while it waited.
    BiFunction<FrameHeader, List<Event>, Frame> told =
        (header, list) -> new Frame.Events(header, list.stream().map(clock::restamp).toList());
    BiFunction<FrameHeader, List<Sample>, Frame> read =
        (header, list) -> new Frame.Telemetry(header, list.stream().map(clock::restamp).toList());
    add(RecordClass.EVENTS, eventOutbox, window, told);
    add(RecordClass.REGISTERS, registerOutbox, window, read);
    add(RecordClass.TELEMETRY, telemetryOutbox, window, read);
    eventOutbox.onReady(this::pumpSoon);
    registerOutbox.onReady(this::pumpSoon);
    telemetryOutbox.onReady(this::pumpSoon);
  }

  private <T> void add(
      RecordClass type,
      Outbox<T> outbox,
      int window,
      BiFunction<FrameHeader, List<T>, Frame> framing) {
    senders.put(
        type,
        new LaneSender<>(gateway, type.lane(), outbox, window, framing, this::send, this::now));
  }

  /**
   * Also hears a topic of the hub.
   *
   * @param sink called from the transport's threads; must not block. To be called before the start
   */
  public void hear(String topic, Consumer<byte[]> sink) {
    heard.put(topic, sink);
  }

  /** Connects and keeps at it until {@link #close()}. */
  public void start() {
    transport.hear(heard.keySet());
    transport.start(
        new Transport.Listener() {
          @Override
          public void onConnected() {
            steps.now(Uplink.this::connected);
          }

          @Override
          public void onDisconnected(String reason) {
            steps.now(() -> disconnected(reason));
          }

          @Override
          public void onReceipt(Receipt receipt) {
            steps.now(() -> heard(receipt));
          }

          @Override
          public void onMessage(String topic, byte[] payload) {
            Consumer<byte[]> sink = heard.get(topic);
            if (sink != null) {
              sink.accept(payload);
            }
          }
        });
    steps.every(TICK, this::pump);
    steps.every(STATUS_EVERY, this::tellStatus);
    steps.every(LIVE_EVERY, this::tellLive);
  }

  /** Why there is no connection, or null when there is one. */
  public @Nullable String down() {
    return down;
  }

  /** What is wrong although there may be a connection, or null. */
  public @Nullable String warning() {
    return transport.warning();
  }

  public LaneCounters counters(RecordClass type) {
    return sender(type).counters();
  }

  private LaneSender<?> sender(RecordClass type) {
    return Objects.requireNonNull(senders.get(type));
  }

  private long now() {
    return System.nanoTime();
  }

  private void send(Frame frame) {
    transport.publish(Topics.frames(gateway, frame.header().lane()), FrameCodec.encode(frame));
  }

  private void connected() {
    down = null;
    LOGGER.atInfo().addKeyValue("gateway", gateway).log("uplink connected");
    senders.values().forEach(LaneSender::connected);
    tellStatus();
    pump();
  }

  private void disconnected(String reason) {
    if (down == null) {
      LOGGER
          .atWarn()
          .addKeyValue("gateway", gateway)
          .addKeyValue("error", reason)
          .log("uplink lost");
    }
    down = reason;
    senders.values().forEach(LaneSender::disconnected);
  }

  private void heard(Receipt receipt) {
    RecordClass fallback =
        receipt.lane() == Lane.EVENTS ? RecordClass.EVENTS : RecordClass.TELEMETRY;
    senders.values().stream()
        .filter(s -> s.isAddressee(receipt))
        .findFirst()
        .orElse(sender(fallback))
        .receipt(receipt);
    pump();
  }

  private void pump() {
    pumpAsked.set(false);
    senders.values().forEach(LaneSender::pump);
  }

  private void pumpSoon() {
    if (pumpAsked.compareAndSet(false, true)) {
      steps.now(this::pump);
    }
  }

  private void tellStatus() {
    if (down == null) {
      transport.tell(Topics.status(gateway), JsonWire.encode(status.get()));
    }
  }

  /** At most once, never stored: the backlog brings the same values in their order. */
  private void tellLive() {
    boolean late = registerOutbox.backlog() + telemetryOutbox.backlog() > LIVE_FROM;
    if (down != null || !late) {
      live.forget();
      return;
    }
    live.take().forEach(s -> transport.tell(Topics.live(gateway), LiveCodec.encode(s)));
  }

  private static GatewayStatus offline(GatewayStatus s) {
    return new GatewayStatus(
        s.at(),
        false,
        s.version(),
        s.clockTrusted(),
        s.backlogEvents(),
        s.backlogTelemetry(),
        s.devicesTotal(),
        s.devicesOnline());
  }

  /** Says good-bye: the hub learns at once that this gateway has gone, and that on purpose. */
  @Override
  public void close() {
    if (down == null && !steps.ended()) {
      transport.tell(Topics.status(gateway), JsonWire.encode(offline(status.get())));
    }
    steps.end(PATIENCE);
    transport.close();
  }
}
