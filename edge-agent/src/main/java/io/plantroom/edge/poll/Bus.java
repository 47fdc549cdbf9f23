package io.plantroom.edge.poll;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A line with one caller at a time. Of the devices that are due, the one that has had least of the
 * line goes first, request by request (start-time fair queueing): a slow device gets what the
 * others leave, and costs them at most one of its answers. Devices that did not answer last time
 * together get at most a tenth of the line while there are others. A device that takes longer than
 * its period leaves periods out, it never queues them up.
 *
 * <p>Everything here happens on the engine's thread.
 */
final class Bus {
  private static final Logger LOGGER = LoggerFactory.getLogger(Bus.class);
  private static final int SHARE_OF_SILENT = 10;

  private final ScheduledExecutorService thread;
  private final Executor workers;
  private final List<Turn> turns = new ArrayList<>();
  private final List<Turn> waiting = new ArrayList<>();
  private final Deque<Runnable> errands = new ArrayDeque<>();
  private boolean busy;
  private boolean ending;
  private boolean delivering = true;
  private boolean woken;
  private long fairNow;
  private long silentFrom = System.nanoTime();

  Bus(ScheduledExecutorService thread, Executor workers) {
    this.thread = thread;
    this.workers = workers;
  }

  /**
   * Polls this one too; the others go on as they were.
   *
   * @param due when to poll it first, by {@link System#nanoTime()}
   * @param stretch nanoseconds to add to the first period, so that from then on devices of a long
   *     period, all wanted soon after the start, are spread over the whole of it
   */
  void add(DevicePoller poller, long due, long stretch) {
    Turn turn = new Turn(poller, due, stretch);
    turns.add(turn);
    schedule(turn);
    poller.listen(task -> thread.execute(() -> heard(turn, task)));
  }

  private void heard(Turn turn, Runnable task) {
    if (!turn.removed && !ending) {
      deliver(turn, task);
    }
  }

  /** Polls this one no more. It is closed when nothing of it is under way. */
  void remove(DevicePoller poller) {
    for (Turn turn : List.copyOf(turns)) {
      if (turn.poller == poller) {
        turn.removed = true;
        turns.remove(turn);
        waiting.remove(turn);
        errands.add(poller::close);
      }
    }
    next();
  }

  boolean isIdle() {
    return turns.isEmpty();
  }

  /** Does this as soon as the line is free, on a thread that may wait. */
  void run(Runnable errand) {
    errands.add(errand);
    next();
  }

  /** Begins nothing more. Runs {@code atRest} when nothing is under way, now or later. */
  void end(Runnable atRest) {
    ending = true;
    errands.add(atRest);
    next();
  }

  private void schedule(Turn turn) {
    int ticket = ++turn.ticket;
    // It schedules itself again and never fails, so nobody waits for the future.
    var unused =
        thread.schedule(
            () -> ready(turn, ticket),
            Math.max(0, turn.due - System.nanoTime()),
            TimeUnit.NANOSECONDS);
  }

  private void ready(Turn turn, int ticket) {
    if (turn.removed || turn.ticket != ticket) {
      return;
    }
    turn.used = Math.max(turn.used, fairNow);
    turn.poller.begin(turns.size() > 1);
    waiting.add(turn);
    next();
  }

  private void next() {
    if (busy) {
      return;
    }
    if (!errands.isEmpty()) {
      busy = true;
      Runnable errand = errands.remove();
      workers.execute(
          () -> {
            try {
              errand.run();
            } finally {
              thread.execute(this::free);
            }
          });
      return;
    }
    Turn turn = ending ? null : pick();
    if (turn != null) {
      waiting.remove(turn);
      busy = true;
      fairNow = Math.max(fairNow, turn.used);
      long began = System.nanoTime();
      turn.poller.step(workers, done -> thread.execute(() -> stepped(turn, began, done)));
    }
  }

  private @Nullable Turn pick() {
    boolean silentMay = System.nanoTime() - silentFrom >= 0 || !anyAnswers();
    Turn best = null;
    for (Turn t : waiting) {
      if ((silentMay || !t.poller.silent()) && (best == null || t.used < best.used)) {
        best = t;
      }
    }
    if (best == null && !waiting.isEmpty() && !woken) {
      woken = true;
      var unused =
          thread.schedule(this::wake, silentFrom - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
    return best;
  }

  private void wake() {
    woken = false;
    next();
  }

  private boolean anyAnswers() {
    for (Turn t : turns) {
      if (!t.poller.silent()) {
        return true;
      }
    }
    return false;
  }

  private void stepped(Turn turn, long began, Runnable outcome) {
    long now = System.nanoTime();
    turn.used += now - began;
    if (!turn.removed) {
      outcome.run();
      if (turn.poller.hasMore()) {
        waiting.add(turn);
      } else {
        finish(turn);
        if (turn.poller.silent()) {
          silentFrom = now + (now - began) * (SHARE_OF_SILENT - 1);
        }
      }
    }
    free();
  }

  private void free() {
    busy = false;
    next();
  }

  private void finish(Turn turn) {
    DevicePoller poller = turn.poller;
    boolean wasOffline = !poller.status().online();
    deliver(turn, poller::finish);
    if (wasOffline && poller.status().online()) {
      hurryOthers(turn);
    }
    Duration pause = poller.pause();
    turn.due += pause.toNanos() + turn.stretch;
    turn.stretch = 0;
    long late = System.nanoTime() - turn.due;
    if (late > 0) {
      long left = late / pause.toNanos() + 1;
      turn.due += left * pause.toNanos();
      poller.overran(left);
    } else {
      poller.overran(0);
    }
    schedule(turn);
  }

  /** One answers again, so perhaps the line was the trouble: the silent ones need not wait. */
  private void hurryOthers(Turn back) {
    for (Turn t : turns) {
      if (t != back && t.poller.silent() && !waiting.contains(t)) {
        t.due = System.nanoTime();
        schedule(t);
      }
    }
  }

  private void deliver(Turn turn, Runnable task) {
    try {
      task.run();
      delivering = true;
    } catch (RuntimeException | Error e) {
      // The sink failed, not the device: say it once and go on; what was not taken is told later.
      // An error, too, must not end the polling of this device without a word.
      if (delivering) {
        LOGGER
            .atError()
            .addKeyValue("device", turn.poller.status().device().key())
            .setCause(e)
            .log("what was read could not be delivered");
      }
      delivering = false;
    }
  }
}
