package io.plantroom.deploy;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Steps of the smoke test, each with the time it took, for people and for CI. */
final class Steps {
  private final PrintStream out;
  private final long start = System.nanoTime();

  Steps(PrintStream out) {
    this.out = out;
  }

  /**
   * Asks again and again until there is an answer; what goes wrong meanwhile is the last excuse.
   */
  <T> T await(String step, Duration most, Callable<@Nullable T> attempt) throws Exception {
    long begin = System.nanoTime();
    Exception excuse = null;
    while (System.nanoTime() - begin < most.toNanos()) {
      try {
        T result = attempt.call();
        if (result != null) {
          done(step, begin);
          return result;
        }
        excuse = null;
      } catch (java.io.IOException e) {
        excuse = e;
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    throw new StepFailed(step + ": not within " + most.toSeconds() + " s", excuse);
  }

  /** Something that must work at once. */
  <T> T now(String step, Callable<T> action) throws Exception {
    long begin = System.nanoTime();
    T result = action.call();
    done(step, begin);
    return result;
  }

  private void done(String step, long begin) {
    out.printf(Locale.ROOT, "%7.1f s  ok  %s (%.1f s)%n", seconds(start), step, seconds(begin));
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  /** The message says which step and for how long it was tried. */
  static final class StepFailed extends Exception {
    private static final long serialVersionUID = 1L;

    StepFailed(String message, @Nullable Exception excuse) {
      super(excuse == null ? message : message + "; last answer: " + excuse.getMessage(), excuse);
    }
  }
}
