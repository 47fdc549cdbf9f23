package io.plantroom.edge.poll;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Threads for drivers that wait for their device. As many as wait at once, not as many as there are
 * devices; beyond the most, tasks queue in their order.
 */
final class Workers implements Executor {
  private static final int MOST = 200;

  private final ThreadPoolExecutor pool;
  private final Deque<Runnable> queue = new ArrayDeque<>();
  private int running;

  Workers() {
    pool =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            30,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> {
              Thread thread = new Thread(task, "poll worker");
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.DiscardPolicy());
  }

  @Override
  public void execute(Runnable task) {
    synchronized (queue) {
      if (running == MOST) {
        queue.add(task);
        return;
      }
      running++;
    }
    pool.execute(() -> work(task));
  }

  private void work(Runnable first) {
    Runnable task = first;
    while (task != null) {
      try {
        task.run();
      } finally {
        task = next();
      }
    }
  }

  private @Nullable Runnable next() {
    synchronized (queue) {
      Runnable task = queue.poll();
      if (task == null) {
        running--;
      }
      return task;
    }
  }

  /** Interrupts those that still wait. */
  void stop() {
    pool.shutdownNow();
  }
}
