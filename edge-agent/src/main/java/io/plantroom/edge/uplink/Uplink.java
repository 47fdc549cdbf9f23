package io.plantroom.edge.uplink;

import io.plantroom.edge.outbox.Outbox;
import io.plantroom.telemetry.Lane;
import io.plantroom.telemetry.Sample;
import io.plantroom.wire.Event;
import io.plantroom.wire.Frame;
import io.plantroom.wire.FrameCodec;
import io.plantroom.wire.GatewayStatus;
import io.plantroom.wire.JsonWire;
import io.plantroom.wire.Receipt;
import io.plantroom.wire.Topics;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Both lanes on one connection, events first. All of it runs on one thread of its own. */
public final class Uplink implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(Uplink.class);
  private static final Duration TICK = Duration.ofMillis(200);
  private static final Duration STATUS_EVERY = Duration.ofSeconds(5);

  private final String gateway;
  private final Transport transport;
  private final LaneSender<Event> events;
  private final LaneSender<Sample> telemetry;
  private final Supplier<GatewayStatus> status;
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "uplink"));
  private final AtomicBoolean pumpAsked = new AtomicBoolean();
  private volatile @Nullable String down = "not connected yet";

  Uplink(
      String gateway,
      Transport transport,
      Outbox<Event> eventOutbox,
      Outbox<Sample> telemetryOutbox,
      int window,
      Supplier<GatewayStatus> status) {
    this.gateway = gateway;
    this.transport = transport;
    this.status = status;
    events =
        new LaneSender<>(
            gateway, Lane.EVENTS, eventOutbox, window, Frame.Events::new, this::send, this::now);
    telemetry =
        new LaneSender<>(
            gateway,
            Lane.TELEMETRY,
            telemetryOutbox,
            window,
            Frame.Telemetry::new,
            this::send,
            this::now);
    eventOutbox.onReady(this::pumpSoon);
    telemetryOutbox.onReady(this::pumpSoon);
  }

  /** Connects and keeps at it until {@link #close()}. */
  public void start() {
    transport.start(
        new Transport.Listener() {
          @Override
          public void onConnected() {
            onThread(Uplink.this::connected);
          }

          @Override
          public void onDisconnected(String reason) {
            onThread(() -> disconnected(reason));
          }

          @Override
          public void onReceipt(Receipt receipt) {
            onThread(() -> heard(receipt));
          }
        });
    var unused =
        thread.scheduleWithFixedDelay(
            guarded(this::pump), TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    long every = STATUS_EVERY.toMillis();
    var unusedToo =
        thread.scheduleWithFixedDelay(
            guarded(this::tellStatus), every, every, TimeUnit.MILLISECONDS);
  }

  /** Why there is no connection, or null when there is one. */
  public @Nullable String down() {
    return down;
  }

  public LaneCounters counters(Lane lane) {
    return switch (lane) {
      case EVENTS -> events.counters();
      case TELEMETRY -> telemetry.counters();
    };
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
    events.connected();
    telemetry.connected();
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
    events.disconnected();
    telemetry.disconnected();
  }

  private void heard(Receipt receipt) {
    events.receipt(receipt);
    telemetry.receipt(receipt);
    pump();
  }

  private void pump() {
    pumpAsked.set(false);
    events.pump();
    telemetry.pump();
  }

  private void pumpSoon() {
    if (pumpAsked.compareAndSet(false, true)) {
      onThread(this::pump);
    }
  }

  private void tellStatus() {
    if (down == null) {
      transport.tell(Topics.status(gateway), JsonWire.encode(status.get()));
    }
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

  private void onThread(Runnable task) {
    if (!thread.isShutdown()) {
      thread.execute(guarded(task));
    }
  }

  /** A periodic task that throws would never run again. */
  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        LOGGER.atError().setCause(e).log("uplink step failed");
      }
    };
  }

  /** Says good-bye: the hub learns at once that this gateway has gone, and that on purpose. */
  @Override
  public void close() {
    if (down == null && !thread.isShutdown()) {
      transport.tell(Topics.status(gateway), JsonWire.encode(offline(status.get())));
    }
    thread.shutdown();
    try {
      var ended = thread.awaitTermination(2, TimeUnit.SECONDS);
      if (!ended) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    transport.close();
  }
}
