package io.plantroom.edge.command;

import io.plantroom.edge.command.Entry.Stage;
import io.plantroom.edge.poll.ClockTrust;
import io.plantroom.wire.Command;
import io.plantroom.wire.Event;
import io.plantroom.wire.Event.CommandOutcome;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of commands: written down, then told to the hub, again until that has worked. */
final class Answers {
  private static final Logger LOGGER = LoggerFactory.getLogger(Answers.class);

  private final CommandMemory memory;
  private final Consumer<Event> tell;
  private final InstantSource clock;
  private final ClockTrust trust;
  private final Map<CommandOutcome, Long> counts = new ConcurrentHashMap<>();

  /**
   * @param tell takes what became of a command; when it returns, that is safe
   */
  Answers(CommandMemory memory, Consumer<Event> tell, InstantSource clock, ClockTrust trust) {
    this.memory = memory;
    this.tell = tell;
    this.clock = clock;
    this.trust = trust;
  }

  /** How many have ended how since the start. */
  Map<CommandOutcome, Long> ended() {
    return Map.copyOf(counts);
  }

  /** It is taken over. How it ends is told, too, and that is what counts. */
  void accepted(Command command) {
    try {
      say(command, CommandOutcome.ACCEPTED, null);
    } catch (RuntimeException e) {
      LOGGER.atWarn().addKeyValue("error", e.getMessage()).log("the hub cannot be told now");
    }
  }

  /** It has ended. */
  void end(Command command, Verdict verdict) {
    Entry ended = Entry.ended(command, verdict, clock.instant());
    counts.merge(verdict.outcome(), 1L, Long::sum);
    LOGGER
        .atInfo()
        .addKeyValue("device", command.device())
        .addKeyValue("point", command.point())
        .addKeyValue("value", command.value())
        .addKeyValue("by", command.by())
        .addKeyValue("outcome", verdict.outcome().name().toLowerCase(Locale.ROOT))
        .addKeyValue("reason", verdict.reason())
        .log("command ended");
    remember(ended);
    tell(ended);
  }

  /** The hub has asked again. */
  void again(Entry ended) {
    say(ended.command(), Objects.requireNonNull(ended.verdict()).outcome(), ended.verdict());
  }

  /** What could not be told, for instance on a full disk, is told as soon as it can. */
  void untold() {
    for (Entry entry : memory.all()) {
      if (entry.stage() == Stage.ENDED && !entry.told()) {
        tell(entry);
      }
    }
  }

  private void tell(Entry ended) {
    again(ended);
    remember(ended.wasTold());
  }

  /** A disk that fails now must not keep the answer back; this process remembers it anyway. */
  private void remember(Entry entry) {
    try {
      memory.put(entry);
    } catch (IOException e) {
      LOGGER.atError().setCause(e).log("what became of a command cannot be written down now");
    }
  }

  private void say(Command command, CommandOutcome outcome, @Nullable Verdict verdict) {
    tell.accept(
        new Event.CommandResult(
            clock.instant(),
            trust.trusted(),
            command.id(),
            command.device(),
            command.point(),
            outcome,
            verdict == null ? null : verdict.reason(),
            verdict == null ? null : verdict.value(),
            verdict == null ? null : verdict.detail()));
  }
}
