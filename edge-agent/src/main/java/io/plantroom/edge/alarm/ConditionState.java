package io.plantroom.edge.alarm;

import io.plantroom.profile.AlarmCondition;
import io.plantroom.profile.Trigger;
import io.plantroom.telemetry.Quality;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One condition of one device: whether it holds, and since when. Not thread-safe. */
final class ConditionState {
  private final AlarmCondition condition;
  private boolean raised;
  private boolean limitPassed;
  private @Nullable Instant changing;
  private @Nullable Instant decided;

  ConditionState(AlarmCondition condition, boolean raised) {
    this.condition = condition;
    this.raised = raised;
    this.limitPassed = raised;
  }

  boolean raised() {
    return raised;
  }

  /**
   * Judges the newest good samples of the device.
   *
   * @param newest by point; a point that is bad keeps what it showed last
   * @return whether the alarm is now raised or cleared, which it was not before
   */
  boolean judge(Map<String, Sample> newest) {
    Sample sample = newest.get(condition.when().point());
    Double value = sample == null ? null : number(sample);
    if (sample == null || value == null || sample.quality() == Quality.BAD) {
      return false;
    }
    Boolean allowed = whilst(newest);
    if (allowed == null) {
      return false;
    }
    limitPassed = condition.when().holds(value, limitPassed);
    boolean holds = limitPassed && allowed;
    if (holds == raised) {
      changing = null;
      return false;
    }
    Instant since = changing;
    if (since == null || since.isAfter(sample.at())) {
      // Also when the clock was set back: better a delay too long than an alarm too early.
      since = sample.at();
      changing = since;
    }
    Duration delay = holds ? condition.onDelay() : condition.offDelay();
    if (Duration.between(since, sample.at()).compareTo(delay) < 0) {
      return false;
    }
    raised = holds;
    decided = since;
    changing = null;
    return true;
  }

  /** The last change could not be told, so it is not made: the next sample decides it again. */
  void undo() {
    raised = !raised;
    changing = decided;
  }

  /** It was raised, and that is told only now: its end is to be told, too. */
  void assumeRaised() {
    raised = true;
    limitPassed = true;
    changing = null;
  }

  /** Null when the other point has not been seen yet. */
  private @Nullable Boolean whilst(Map<String, Sample> newest) {
    Trigger whilst = condition.whilst();
    if (whilst == null) {
      return true;
    }
    Sample other = newest.get(whilst.point());
    Double value = other == null ? null : number(other);
    return value == null ? null : Boolean.valueOf(whilst.holds(value, false));
  }

  private static @Nullable Double number(Sample sample) {
    Value value = sample.value();
    if (value instanceof Value.Analog a) {
      return a.value();
    }
    if (value instanceof Value.Counter c) {
      return c.value().doubleValue();
    }
    return value instanceof Value.State s ? Double.valueOf(s.code()) : null;
  }
}
