package io.plantroom.steps;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The steps of one feature, one at a time on a thread of their own. A step that throws harms no
 * other, and a periodic one is tried again; what it threw is told once, not at each try.
 */
public final class Steps {
  private final ScheduledThreadPoolExecutor thread;
  private final Consumer<RuntimeException> failed;

  /**
   * Steps on a new thread of this name.
   *
   * @param failed is told what a step threw, on that thread
   */
  public Steps(String name, Consumer<RuntimeException> failed) {
    this.failed = failed;
    thread = new ScheduledThreadPoolExecutor(1, task -> new Thread(task, name));
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** As soon as those before it are done. After {@link #end} nothing is done. */
  public void now(Runnable step) {
    if (!ended()) {
      thread.execute(guarded(step));
    }
  }

  /** Once, after this delay. */
  public void later(Runnable step, Duration delay) {
    if (!ended()) {
      var unused = thread.schedule(guarded(step), delay.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Again and again, with this pause before each. */
  public void every(Duration pause, Runnable step) {
    var unused =
        thread.scheduleWithFixedDelay(
            guarded(step), pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Whether no step is taken any more. */
  public boolean ended() {
    return thread.isShutdown();
  }

  /**
   * No more steps. One under way is waited for and never interrupted, because that would close the
   * files it writes.
   */
  public void end(Duration patience) {
    thread.shutdown();
    try {
      var unused = thread.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Runnable guarded(Runnable step) {
    return new Runnable() {
      private @Nullable String failing;

      @Override
      public void run() {
        try {
          step.run();
          failing = null;
        } catch (RuntimeException e) {
          if (!e.toString().equals(failing)) {
            failed.accept(e);
          }
          failing = e.toString();
        }
      }
    };
  }
}
