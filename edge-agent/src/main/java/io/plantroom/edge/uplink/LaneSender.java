package io.plantroom.edge.uplink;

import io.plantroom.edge.outbox.Outbox;
import io.plantroom.telemetry.Lane;
import io.plantroom.wire.Frame;
import io.plantroom.wire.FrameHeader;
import io.plantroom.wire.Receipt;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one lane's records to the hub in order: a window of frames is under way, a receipt frees
 * them and makes room, a hole or silence sends them again. Used by one thread.
 */
final class LaneSender<T> {
  private static final Logger LOGGER = LoggerFactory.getLogger(LaneSender.class);
  static final Duration RECEIPT_PATIENCE = Duration.ofSeconds(10);
  static final Duration REFUSED_PAUSE = Duration.ofSeconds(30);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final int MOST_RECORDS = 500;
  private static final int MOST_BYTES = 64 << 10;

  private final String gateway;
  private final Lane lane;
  private final Outbox<T> outbox;
  private final int window;
  private final BiFunction<FrameHeader, List<T>, Frame> framing;
  private final FrameLink link;
  private final LongSupplier nanoTime;
  private final LaneCounters counters = new LaneCounters();
  private final Deque<Long> underWay = new ArrayDeque<>();
  private boolean connected;
  private boolean refused;
  private long next;
  private int round;
  private long waitingSince;
  private long pausedUntil;
  private long rewoundAt = -1;
  private int fruitless;

  LaneSender(
      String gateway,
      Lane lane,
      Outbox<T> outbox,
      int window,
      BiFunction<FrameHeader, List<T>, Frame> framing,
      FrameLink link,
      LongSupplier nanoTime) {
    this.gateway = gateway;
    this.lane = lane;
    this.outbox = outbox;
    this.window = window;
    this.framing = framing;
    this.link = link;
    this.nanoTime = nanoTime;
    this.next = outbox.firstKept();
    this.pausedUntil = nanoTime.getAsLong();
  }

  LaneCounters counters() {
    return counters;
  }

  /** The way is open: whatever was under way before may be lost, so begin behind the watermark. */
  void connected() {
    connected = true;
    restart();
  }

  void disconnected() {
    connected = false;
    underWay.clear();
  }

  /** Sends what the window allows. To be called often; does nothing when there is nothing to do. */
  void pump() {
    long now = nanoTime.getAsLong();
    if (!connected || pausedUntil - now > 0) {
      return;
    }
    if (!underWay.isEmpty() && now - waitingSince > RECEIPT_PATIENCE.toNanos()) {
      rewind(now, "no receipt");
    }
    while (underWay.size() < window && pausedUntil - now <= 0) {
      Outbox.Batch<T> batch = outbox.peek(next, MOST_RECORDS, MOST_BYTES);
      if (batch.records().isEmpty()) {
        return;
      }
      if (underWay.isEmpty()) {
        waitingSince = now;
      }
      send(batch);
    }
  }

  private void send(Outbox.Batch<T> batch) {
    FrameHeader header =
        new FrameHeader(
            gateway,
            lane,
            outbox.epoch(),
            batch.firstSequence(),
            batch.records().size(),
            Math.min(outbox.firstKept(), batch.firstSequence()),
            round);
    next = batch.lastSequence() + 1;
    underWay.add(batch.lastSequence());
    counters.sent(batch.records().size());
    link.send(framing.apply(header, batch.records()));
  }

  /** Whether the receipt is about this queue. */
  boolean isAddressee(Receipt receipt) {
    return receipt.lane() == lane && receipt.epoch() == outbox.epoch();
  }

  void receipt(Receipt receipt) {
    if (receipt.lane() != lane) {
      return;
    }
    counters.receipt();
    if (receipt.epoch() != outbox.epoch() || receipt.watermark() > outbox.lastSequence()) {
      // An answer to another disk's records, or a hub that claims what was never sent.
      counters.ignored();
      return;
    }
    long now = nanoTime.getAsLong();
    committed(receipt.watermark(), now);
    switch (receipt.outcome()) {
      case COMMITTED -> said(false, null);
      case HOLE -> {
        if (receipt.round() == round && connected) {
          rewind(now, "hole");
        } else {
          counters.ignored();
        }
      }
      case REFUSED -> {
        said(true, receipt.reason());
        restart();
        pausedUntil = now + REFUSED_PAUSE.toNanos();
      }
    }
  }

  private void committed(long watermark, long now) {
    if (watermark > outbox.released()) {
      outbox.release(watermark);
      fruitless = 0;
      waitingSince = now;
    }
    while (!underWay.isEmpty() && underWay.peekFirst() <= watermark) {
      underWay.removeFirst();
    }
    // After a restart the hub may have more than we remember to have released.
    next = Math.max(next, watermark + 1);
  }

  /** Again from the watermark; slower each time when it leads to nothing. */
  private void rewind(long now, String why) {
    counters.rewound();
    fruitless = rewoundAt == outbox.released() ? fruitless + 1 : 0;
    rewoundAt = outbox.released();
    restart();
    if (fruitless > 0) {
      long pause = Duration.ofMillis(500).toNanos() << Math.min(fruitless, 6);
      pausedUntil = now + Math.min(pause, LONGEST_PAUSE.toNanos());
    }
    LOGGER
        .atInfo()
        .addKeyValue("lane", lane)
        .addKeyValue("from", next)
        .addKeyValue("round", round)
        .addKeyValue("error", why)
        .log("sending again");
  }

  private void restart() {
    underWay.clear();
    next = outbox.firstKept();
    round++;
    waitingSince = nanoTime.getAsLong();
  }

  private void said(boolean nowRefused, @Nullable String reason) {
    if (nowRefused != refused) {
      refused = nowRefused;
      LOGGER
          .atWarn()
          .addKeyValue("lane", lane)
          .addKeyValue("error", reason)
          .log(nowRefused ? "hub refuses this gateway" : "hub accepts this gateway again");
    }
    counters.refused(nowRefused);
  }
}
