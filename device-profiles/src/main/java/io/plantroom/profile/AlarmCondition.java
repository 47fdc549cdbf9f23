package io.plantroom.profile;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a device of this model is not well.
 *
 * @param onDelay how long the condition must hold before the alarm is raised; zero for fire
 * @param offDelay how long it must be gone before the alarm is cleared
 * @param latched stays until it was acknowledged, even when the condition is gone
 * @param cause what probably happened, and {@code advice} what to do, for the person who is woken
 * @param workOrder whether raising it opens a corrective work order
 */
public record AlarmCondition(
    String key,
    LocalText title,
    Priority priority,
    Trigger when,
    @Nullable Trigger whilst,
    Duration onDelay,
    Duration offDelay,
    boolean latched,
    LocalText cause,
    LocalText advice,
    boolean workOrder) {

  public AlarmCondition {
    onDelay = onDelay == null ? Duration.ZERO : onDelay;
    offDelay = offDelay == null ? Duration.ZERO : offDelay;
  }
}
