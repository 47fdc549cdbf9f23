package io.plantroom.hub.ingest;

import io.plantroom.hub.Feature;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.telemetry.PointRegistry;
import io.plantroom.hub.telemetry.SampleStore;
import io.plantroom.telemetry.Sample;
import io.plantroom.wire.Frame;
import io.plantroom.wire.Receipt;
import io.plantroom.wire.Topics;
import io.plantroom.wire.WireException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the gateways' messages, stores what queues up in one transaction and answers after its
 * commit. One thread stores while another decodes what comes next; the queues before them are
 * bounded, so a slow database slows the broker down: payloads of 16 MiB wait to be decoded, frames
 * of 32 MiB with all that is in them wait to be stored, as many are being stored, and each of the
 * three may be exceeded by one message. While the database is away nothing is answered and nothing
 * is lost: the broker still has it, and so has the gateway.
 */
public final class Ingest implements Feature {
  private static final Logger LOGGER = LoggerFactory.getLogger(Ingest.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final Database database;
  private final FrameStore store;
  private final PointRegistry points;
  private final SampleStore samples;
  private final List<SampleListener> sampleListeners;
  private final StatusDesk statuses;
  private final LiveListener liveListener;
  private final ReceiptSink receipts;
  private final IngestMetrics metrics;
  private final Arrivals arrivals = new Arrivals();
  private final DecodeAhead decoded = new DecodeAhead(arrivals);
  private volatile boolean running;
  private @Nullable Thread worker;

  /** Who hears of what was stored. */
  public record Listeners(
      List<EventListener> events,
      List<SampleListener> samples,
      StatusListener status,
      LiveListener live) {
    /** Without anybody who shows live values. */
    public Listeners(
        List<EventListener> events, List<SampleListener> samples, StatusListener status) {
      this(events, samples, status, (gateway, payload) -> {});
    }
  }

  public Ingest(
      Database database,
      PointRegistry points,
      SampleStore samples,
      Listeners listeners,
      ReceiptSink receipts,
      IngestMetrics metrics) {
    this.database = database;
    this.points = points;
    this.samples = samples;
    this.store = new FrameStore(points, samples, listeners.events());
    this.sampleListeners = List.copyOf(listeners.samples());
    this.statuses = new StatusDesk(listeners.status());
    this.liveListener = listeners.live();
    this.receipts = receipts;
    this.metrics = metrics;
    metrics.watchQueue(arrivals::size);
  }

  @Override
  public void start() {
    running = true;
    statuses.start();
    decoded.start();
    Thread thread = new Thread(this::work, "ingest");
    thread.start();
    worker = thread;
  }

  /** Finishes the transaction at work; what is still queued was not answered and comes again. */
  @Override
  public void stop() {
    running = false;
    statuses.stop();
    decoded.stop();
    Thread thread = worker;
    if (thread != null) {
      LockSupport.unpark(thread);
      try {
        thread.join(Duration.ofSeconds(20).toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Takes a message; waits while the queue is full, unless it is a status or live values. */
  public void accept(Delivery delivery) throws InterruptedException {
    Optional<Topics.Up> from = Topics.parseUp(delivery.topic());
    String kind = from.map(Topics.Up::kind).orElse("");
    if (kind.equals("live")) {
      // Neither stored nor answered, so it need not wait for the database.
      liveListener.onLive(from.orElseThrow().gateway(), delivery.payload());
      delivery.settled();
      return;
    }
    if (kind.equals("status")) {
      try {
        statuses.accept(from.orElseThrow().gateway(), delivery);
        return;
      } catch (WireException e) {
        LOGGER.atDebug().setCause(e).log("a status that is none is set aside");
      }
    }
    arrivals.put(delivery);
  }

  private void work() {
    while (running) {
      try {
        List<Incoming> frames = decoded.take(Duration.ofMillis(200));
        if (!frames.isEmpty()) {
          settle(frames);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        LOGGER.atError().setCause(e).log("ingest went wrong and goes on");
      }
    }
  }

  /** Stores and answers some frames; comes back when that is done or the hub stops. */
  private void settle(List<Incoming> frames) {
    Duration pause = FIRST_PAUSE;
    boolean away = false;
    boolean madeAnew = false;
    while (running) {
      try {
        commit(frames);
        if (away) {
          LOGGER.info("database is back, ingest goes on");
        }
        return;
      } catch (Exception e) {
        if (SqlErrors.noPartition(e) && !madeAnew) {
          madeAnew = true;
          samples.forgetPartitions();
          continue;
        }
        if (!SqlErrors.passing(e)) {
          split(frames, e);
          return;
        }
        metrics.retry();
        if (!away) {
          LOGGER
              .atWarn()
              .addKeyValue("error", SqlErrors.reason(e))
              .log("database away, ingest waits");
          away = true;
        }
        LockSupport.parkNanos(pause.toNanos());
        pause = pause.multipliedBy(2);
        pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
      }
    }
  }

  /** One frame that the database will never take must not hold up the others. */
  private void split(List<Incoming> frames, Exception e) {
    if (frames.size() > 1) {
      for (Incoming frame : frames) {
        settle(List.of(frame));
      }
      return;
    }
    Incoming only = frames.get(0);
    if (only.frame() == null) {
      LOGGER.atError().setCause(e).log("a frame could not even be set aside; it will come again");
      return;
    }
    settle(List.of(only.asPoison("cannot be stored: " + SqlErrors.reason(e))));
  }

  private void commit(List<Incoming> frames) throws Exception {
    long began = System.nanoTime();
    samples.prepare(samples(frames));
    FrameStore.Result result = database.jdbi().inTransaction(h -> store.store(h, frames));
    metrics.committed(frames.size(), result, System.nanoTime() - began);
    points.remember(result.made);
    for (int i = 0; i < frames.size(); i++) {
      Receipt receipt = result.receipts.get(i);
      Incoming frame = frames.get(i);
      if (receipt != null && frame.header() != null) {
        receipts.send(frame.header().gateway(), receipt);
        metrics.receipt(receipt.outcome());
      }
      frame.delivery().settled();
    }
    tell(result);
  }

  /** Finds a frame that was set aside, within the transaction. */
  interface Held {
    Incoming find(Handle handle);
  }

  /**
   * Takes in a frame that was set aside, in one transaction with {@code done}.
   *
   * @throws Exception when it still cannot be stored; nothing has changed then
   */
  FrameStore.Result replay(Held held, Consumer<Handle> done) throws Exception {
    Incoming in = database.jdbi().inTransaction(held::find);
    samples.prepare(samples(List.of(in)));
    FrameStore.Result result =
        database
            .jdbi()
            .inTransaction(
                h -> {
                  FrameStore.Result stored = store.replay(h, held.find(h));
                  done.accept(h);
                  return stored;
                });
    points.remember(result.made);
    tell(result);
    return result;
  }

  private void tell(FrameStore.Result result) {
    List<Runnable> told = new ArrayList<>(result.actions);
    for (SampleListener listener : sampleListeners) {
      told.add(() -> listener.onStored(result.fresh));
    }
    for (Runnable action : told) {
      try {
        action.run();
      } catch (RuntimeException e) {
        LOGGER.atError().setCause(e).log("a listener failed after the commit");
      }
    }
  }

  private static List<List<Sample>> samples(List<Incoming> frames) {
    List<List<Sample>> samples = new ArrayList<>();
    for (Incoming in : frames) {
      if (in.frame() instanceof Frame.Telemetry t) {
        samples.add(t.samples());
      }
    }
    return samples;
  }
}
