package io.plantroom.edge.command;

import io.plantroom.wire.Command;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a command.
 *
 * @param verdict present exactly when it has ended
 * @param at when it came to this stage
 * @param told whether what became of it is known to be in the outbox
 */
record Entry(Command command, Stage stage, @Nullable Verdict verdict, Instant at, boolean told) {

  /** How far a command has come. */
  enum Stage {
    /** It will be written. */
    ACCEPTED,
    /** It is being written: from here on it must never be written again. */
    WRITING,
    ENDED
  }

  Entry {
    if ((verdict != null) != (stage == Stage.ENDED)) {
      throw new IllegalArgumentException("a command that has ended has a verdict, and no other");
    }
  }

  static Entry accepted(Command command, Instant at) {
    return new Entry(command, Stage.ACCEPTED, null, at, true);
  }

  Entry writing(Instant now) {
    return new Entry(command, Stage.WRITING, null, now, true);
  }

  static Entry ended(Command command, Verdict verdict, Instant at) {
    return new Entry(command, Stage.ENDED, verdict, at, false);
  }

  Entry wasTold() {
    return new Entry(command, stage, verdict, at, true);
  }
}
