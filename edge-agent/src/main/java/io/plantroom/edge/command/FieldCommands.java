package io.plantroom.edge.command;

import io.plantroom.edge.command.Entry.Stage;
import io.plantroom.edge.command.Rules.Judgement;
import io.plantroom.edge.config.CommandsConfig;
import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.poll.ClockTrust;
import io.plantroom.profile.Point;
import io.plantroom.steps.Steps;
import io.plantroom.wire.Command;
import io.plantroom.wire.CommandReason;
import io.plantroom.wire.Event;
import io.plantroom.wire.Event.CommandOutcome;
import io.plantroom.wire.JsonWire;
import io.plantroom.wire.WireException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes commands from the hub and answers each. A command is written at most once, whatever ends
 * this process when: that it is about to be written stands on the disk before it is. One that was
 * interrupted there is never written again; the device is read and the hub told that nobody knows.
 * See docs/decisions/011.
 *
 * <p>All of it happens on one thread of its own, but for what a device is asked, which happens on
 * the device's bus.
 */
public final class FieldCommands implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(FieldCommands.class);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Some devices take their time to show what was written. */
  private static final int LOOKS = 4;

  private final CommandsConfig allowed;
  private final Field field;
  private final InstantSource clock;
  private final ClockTrust trust;
  private final CommandMemory memory;
  private final Answers answers;
  private final Rules rules;
  private final FieldWriter writer;
  private final Steps steps =
      new Steps(
          "commands", e -> LOGGER.atError().setCause(e).log("a command cannot be handled now"));

  /**
   * How it stands with commands since the start.
   *
   * @param open those that have been taken over and not ended
   */
  public record Standing(boolean anythingAllowed, long open, Map<CommandOutcome, Long> ended) {}

  /**
   * Reads what is remembered of earlier commands; nothing is written yet.
   *
   * @param folder where commands are remembered
   * @param tell takes what became of a command; when it returns, that is safe
   */
  public FieldCommands(
      CommandsConfig allowed,
      Path folder,
      Field field,
      Consumer<Event> tell,
      InstantSource clock,
      ClockTrust trust) {
    this.allowed = allowed;
    this.field = field;
    this.clock = clock;
    this.trust = trust;
    memory = new CommandMemory(folder);
    answers = new Answers(memory, tell, clock, trust);
    rules = new Rules(allowed, field, clock, trust);
    writer = new FieldWriter(memory, rules, clock);
  }

  /** Goes on with what an earlier process had begun, and with what is heard from now on. */
  public void start() {
    steps.now(this::recover);
    steps.every(LOOK, this::look);
  }

  public Standing standing() {
    long open = memory.all().stream().filter(e -> e.stage() != Stage.ENDED).count();
    return new Standing(allowed.isAnythingAllowed(), open, answers.ended());
  }

  /** What came from the hub. Never blocks, may be called from any thread. */
  public void heard(byte[] payload) {
    try {
      Command command = JsonWire.command(payload);
      steps.now(() -> heard(command));
    } catch (WireException e) {
      LOGGER.atWarn().addKeyValue("error", e.getMessage()).log("a command that is none");
    }
  }

  private void heard(Command command) {
    Entry known = memory.find(command.id());
    if (known != null) {
      // What is under way is answered when it ends, and what has ended was answered; but an answer
      // may have been lost with a damaged outbox.
      if (known.stage() == Stage.ENDED && known.told()) {
        answers.again(known);
      }
      return;
    }
    if (memory.isUnreadable(command.id())) {
      answers.end(
          command, Verdict.unknown(CommandReason.INTERRUPTED, null, "its record is damaged"));
      return;
    }
    Judgement judged = rules.judge(command);
    if (judged.refusal() != null) {
      answers.end(command, judged.refusal());
      return;
    }
    Entry accepted = Entry.accepted(command, clock.instant());
    try {
      memory.put(accepted);
    } catch (IOException e) {
      LOGGER.atError().setCause(e).log("a command cannot be remembered, so it is not written");
      answers.end(command, Verdict.refused(CommandReason.DISK, e.getMessage()));
      return;
    }
    answers.accepted(command);
    carryOut(accepted, judged);
  }

  private void recover() {
    for (Entry entry : memory.all()) {
      if (entry.stage() == Stage.ACCEPTED) {
        // It was not begun, or the other stage would stand there.
        Judgement judged = rules.judge(entry.command());
        if (judged.refusal() != null) {
          answers.end(entry.command(), judged.refusal());
        } else {
          carryOut(entry, judged);
        }
      } else if (entry.stage() == Stage.WRITING) {
        interrupted(entry.command(), LOOKS);
      }
    }
  }

  private void carryOut(Entry entry, Judgement judged) {
    Command command = entry.command();
    watch(
        field.during(command.device(), driver -> writer.write(driver, entry, judged)),
        command,
        verdict -> ended(command, judged, verdict, LOOKS));
  }

  private void ended(Command command, Judgement judged, Verdict verdict, int looks) {
    if (!verdict.mayStillCome() || looks <= 1) {
      answers.end(command, verdict);
      return;
    }
    steps.later(
        () ->
            watch(
                field.during(command.device(), d -> writer.readBack(d, judged)),
                command,
                next -> ended(command, judged, next, looks - 1)),
        LOOK);
  }

  /** Nobody knows whether it was written; what the device shows now is all that can be told. */
  private void interrupted(Command command, int looks) {
    Optional<Point> point =
        field.device(command.device()).flatMap(d -> d.profile().point(command.point()));
    if (point.isEmpty()) {
      answers.end(command, Verdict.unknown(CommandReason.INTERRUPTED, null, "the device is gone"));
      return;
    }
    CompletableFuture<Optional<String>> look =
        field.during(command.device(), d -> Optional.ofNullable(FieldWriter.shown(d, point.get())));
    var unused =
        look.whenComplete(
            (shown, e) ->
                steps.now(
                    () -> {
                      String value = shown == null ? null : shown.orElse(null);
                      if (value == null && looks > 1) {
                        steps.later(() -> interrupted(command, looks - 1), LOOK);
                      } else {
                        answers.end(
                            command, Verdict.unknown(CommandReason.INTERRUPTED, value, null));
                      }
                    }));
  }

  private void watch(
      CompletableFuture<Verdict> errand, Command command, Consumer<Verdict> whenDone) {
    var unused =
        errand.whenComplete(
            (verdict, e) ->
                steps.now(() -> whenDone.accept(verdict == null ? of(command, e) : verdict)));
  }

  /** The errand itself failed; whether it had begun to write stands in the memory. */
  private Verdict of(Command command, @Nullable Throwable e) {
    String detail = e == null ? null : String.valueOf(e.getMessage());
    Entry entry = memory.find(command.id());
    if (entry != null && entry.stage() == Stage.WRITING) {
      return Verdict.unknown(CommandReason.INTERRUPTED, null, detail);
    }
    return e instanceof DriverException
        ? Verdict.failed(CommandReason.NO_CONNECTION, null, detail)
        : Verdict.refused(CommandReason.NOT_WRITABLE, detail);
  }

  private void look() {
    answers.untold();
    if (trust.trusted()) {
      memory.tidy(clock.instant());
    }
  }

  /** The points of a device that may be written here, as the hub is told. */
  public static List<String> writable(CommandsConfig allowed, DeviceConfig device) {
    return allowed.points(device.key()).stream()
        .filter(p -> device.profile().point(p).filter(q -> q.writable() != null).isPresent())
        .toList();
  }

  /** To be called when no bus works any more: what ended there is still told. */
  @Override
  public void close() {
    steps.end(PATIENCE);
  }
}
