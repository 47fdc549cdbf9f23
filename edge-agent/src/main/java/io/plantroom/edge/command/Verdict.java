package io.plantroom.edge.command;

import io.plantroom.wire.CommandReason;
import io.plantroom.wire.Event.CommandOutcome;
import org.jspecify.annotations.Nullable;

/**
 * How a command ended.
 *
 * @param reason key of a {@link CommandReason}, null when it is done
 * @param value what the device showed when it was read back
 */
record Verdict(
    CommandOutcome outcome,
    @Nullable String reason,
    @Nullable String value,
    @Nullable String detail) {

  static Verdict done(String value) {
    return new Verdict(CommandOutcome.DONE, null, value, null);
  }

  static Verdict refused(CommandReason reason) {
    return refused(reason, null);
  }

  static Verdict refused(CommandReason reason, @Nullable String detail) {
    return new Verdict(CommandOutcome.REFUSED, reason.key(), null, detail);
  }

  static Verdict expired() {
    return new Verdict(CommandOutcome.EXPIRED, CommandReason.TOO_LATE.key(), null, null);
  }

  static Verdict failed(CommandReason reason, @Nullable String value, @Nullable String detail) {
    return new Verdict(CommandOutcome.FAILED, reason.key(), value, detail);
  }

  static Verdict unknown(CommandReason reason, @Nullable String value, @Nullable String detail) {
    return new Verdict(CommandOutcome.UNKNOWN, reason.key(), value, detail);
  }

  /** Whether a later reading may still show what was written. */
  boolean mayStillCome() {
    return outcome == CommandOutcome.FAILED && CommandReason.READS_OTHERWISE.key().equals(reason);
  }
}
