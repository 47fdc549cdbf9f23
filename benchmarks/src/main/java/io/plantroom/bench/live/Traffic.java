package io.plantroom.bench.live;

import io.plantroom.bench.Folders;
import io.plantroom.deploy.BacklogRun;
import io.plantroom.telemetry.Lane;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import io.plantroom.wire.Frame;
import io.plantroom.wire.FrameCodec;
import io.plantroom.wire.FrameHeader;
import io.plantroom.wire.Receipt;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * The shipped broker and hub as processes, a thousand gateways that each have a frame to send every
 * second, and one console. A frame's samples carry the time at which it was due, by which both its
 * receipt and its values on the console are timed. As the agent does, a gateway waits for the
 * receipt before too much is under way, here before the next frame, and repeats what got lost.
 */
final class Traffic implements AutoCloseable {
  private static final int GATEWAYS = 1_000;
  private static final long SETTLE_MILLIS = 5_000;
  private static final Duration REPEAT = Duration.ofSeconds(20);

  /** A frame that has no receipt yet: when it was due, and the sequence of its last sample. */
  private record Waiting(Instant due, long last, Frame frame) {}

  /** The frames of a gateway, of which the first is under way. */
  private static final class Outgoing {
    private final Deque<Waiting> frames = new ArrayDeque<>();
    private Instant sent = Instant.MIN;
  }

  /** What some seconds of traffic showed. */
  record Seen(Latencies committed, Latencies shown, long frames, long samples) {}

  private final long epoch = System.currentTimeMillis();
  private final Path data;
  private final BacklogRun run;
  private final Gateways gateways;
  private final Console console;
  private final long[] last = new long[GATEWAYS];
  private final List<Outgoing> outgoing = new ArrayList<>();
  private volatile Instant from = Instant.MAX;
  private volatile Instant until = Instant.MAX;
  private volatile Latencies committed = new Latencies();
  private volatile Latencies shown = new Latencies();

  Traffic() throws Exception {
    List<String> codes = IntStream.range(0, GATEWAYS).mapToObj(i -> "gw-bench-" + i).toList();
    codes.forEach(c -> outgoing.add(new Outgoing()));
    data = Folders.fresh();
    run = BacklogRun.begin(Path.of(""), data, codes);
    try {
      gateways = Gateways.connect(run, codes, this::receipt);
      console = Console.open(run, at -> note(shown, at));
    } catch (Exception e) {
      run.close();
      Folders.delete(data);
      throw e;
    }
  }

  ProcessHandle hub() {
    return run.hub();
  }

  boolean consoleCutOff() {
    return console.ended();
  }

  /** Sends at a steady rate; what was due in the time after the warm-up counts. */
  Seen pace(int samplesPerSecond, Duration warmUp, Duration span) {
    committed = new Latencies();
    shown = new Latencies();
    int perFrame = Math.max(1, samplesPerSecond / GATEWAYS);
    long pause = 1_000_000_000L / GATEWAYS;
    Instant began = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    long beganNanos = System.nanoTime();
    from = began.plus(warmUp);
    until = from.plus(span);
    long frames = warmUp.plus(span).toSeconds() * GATEWAYS;
    for (long f = 0; f < frames; f++) {
      long due = f * pause;
      for (long left = due - (System.nanoTime() - beganNanos);
          left > 0;
          left = due - (System.nanoTime() - beganNanos)) {
        LockSupport.parkNanos(left);
      }
      send((int) (f % GATEWAYS), began.plusNanos(due), perFrame);
    }
    long counted = span.toSeconds() * GATEWAYS;
    long deadline = System.currentTimeMillis() + 12 * SETTLE_MILLIS;
    while (committed.count() < counted && System.currentTimeMillis() < deadline) {
      LockSupport.parkNanos(100_000_000);
    }
    // The console is told once a second.
    LockSupport.parkNanos(SETTLE_MILLIS * 1_000_000);
    return new Seen(committed, shown, counted, counted * perFrame);
  }

  private void send(int gateway, Instant due, int count) {
    Instant at = Instant.ofEpochMilli(due.toEpochMilli());
    List<Sample> samples = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      samples.add(
          Sample.good("device", "point-" + i, at, new Value.Analog(at.toEpochMilli() % 1_000)));
    }
    FrameHeader header =
        new FrameHeader(
            gateways.code(gateway), Lane.TELEMETRY, epoch, last[gateway] + 1, count, 1, 0);
    last[gateway] += count;
    Frame frame = new Frame.Telemetry(header, samples);
    Outgoing mine = outgoing.get(gateway);
    synchronized (mine) {
      mine.frames.add(new Waiting(at, last[gateway], frame));
      if (mine.frames.size() == 1 || mine.sent.plus(REPEAT).isBefore(at)) {
        publish(gateway, mine);
      }
    }
  }

  private void publish(int gateway, Outgoing mine) {
    mine.sent = Instant.now();
    gateways.send(gateway, FrameCodec.encode(mine.frames.getFirst().frame()));
  }

  private void receipt(int gateway, Receipt receipt) {
    Outgoing mine = outgoing.get(gateway);
    synchronized (mine) {
      int before = mine.frames.size();
      while (!mine.frames.isEmpty() && mine.frames.getFirst().last() <= receipt.watermark()) {
        note(committed, mine.frames.removeFirst().due());
      }
      if (mine.frames.size() < before && !mine.frames.isEmpty()) {
        publish(gateway, mine);
      }
    }
  }

  private void note(Latencies latencies, Instant due) {
    if (!due.isBefore(from) && due.isBefore(until)) {
      latencies.add(Duration.between(due, Instant.now()).toMillis());
    }
  }

  @Override
  public void close() throws IOException {
    console.close();
    gateways.close();
    run.close();
    Folders.delete(data);
  }
}
