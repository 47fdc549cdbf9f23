package io.plantroom.edge.poll;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A line with one caller at a time: its single thread asks whichever device is due next. A device
 * that takes longer than its period leaves periods out, it never queues them up.
 */
final class Bus {
  private static final Logger LOGGER = LoggerFactory.getLogger(Bus.class);
  private static final long LONGEST_SPREAD_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final List<DevicePoller> pollers;
  private final ScheduledThreadPoolExecutor worker;
  private boolean delivering = true;

  Bus(String name, List<DevicePoller> pollers) {
    this.pollers = new CopyOnWriteArrayList<>(pollers);
    this.worker =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "bus " + name);
              thread.setDaemon(true);
              return thread;
            });
    worker.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    worker.setRemoveOnCancelPolicy(true);
  }

  /** Begins to poll, the devices spread over their periods. */
  void start() {
    long now = System.nanoTime();
    for (int i = 0; i < pollers.size(); i++) {
      DevicePoller poller = pollers.get(i);
      long period = poller.status().device().every().toNanos();
      begin(poller, now + Math.min(period, LONGEST_SPREAD_NANOS) * i / pollers.size());
    }
  }

  private void begin(DevicePoller poller, long due) {
    schedule(poller, due);
    poller.listen(this::onThread);
  }

  /** Also polls this one, beginning at once; the others go on as they were. */
  void add(DevicePoller poller) {
    pollers.add(poller);
    begin(poller, System.nanoTime());
  }

  /** Polls this one no more. It is closed between two polls; nobody waits for that. */
  void remove(DevicePoller poller) {
    pollers.remove(poller);
    onThread(poller::close);
  }

  boolean isIdle() {
    return pollers.isEmpty();
  }

  private void onThread(Runnable task) {
    if (!worker.isShutdown()) {
      worker.execute(task);
    }
  }

  private void schedule(DevicePoller poller, long due) {
    if (!worker.isShutdown()) {
      // It schedules itself again and never fails, so nobody waits for the future.
      var unused =
          worker.schedule(
              () -> run(poller, due), Math.max(0, due - System.nanoTime()), TimeUnit.NANOSECONDS);
    }
  }

  private void run(DevicePoller poller, long due) {
    if (!pollers.contains(poller)) {
      return;
    }
    Duration pause = poller.status().device().every();
    try {
      pause = poller.poll();
      delivering = true;
    } catch (RuntimeException | Error e) {
      // The sink failed, not the device: say it once and go on; what was not taken is told later.
      // An error, too, must not end the polling of this device without a word.
      if (delivering) {
        LOGGER
            .atError()
            .addKeyValue("device", poller.status().device().key())
            .setCause(e)
            .log("what was read could not be delivered");
      }
      delivering = false;
    }
    long next = due + pause.toNanos();
    long late = System.nanoTime() - next;
    if (late > 0) {
      long left = late / pause.toNanos() + 1;
      poller.overran(left);
      next += left * pause.toNanos();
    }
    schedule(poller, next);
  }

  /** Stops after the poll that is under way, waiting for it at most this long. */
  void stop(Duration patience) {
    worker.shutdown();
    try {
      if (!worker.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        worker.shutdownNow();
      }
    } catch (InterruptedException e) {
      worker.shutdownNow();
      Thread.currentThread().interrupt();
    }
    pollers.forEach(DevicePoller::close);
  }
}
