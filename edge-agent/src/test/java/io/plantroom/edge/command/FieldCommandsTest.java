package io.plantroom.edge.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.plantroom.edge.TestDevices;
import io.plantroom.edge.config.CommandsConfig;
import io.plantroom.edge.config.CommandsConfig.Allowed;
import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.RawValue;
import io.plantroom.edge.driver.WritingDriver;
import io.plantroom.edge.poll.Errand;
import io.plantroom.profile.Point;
import io.plantroom.profile.Profile;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.profile.Raw;
import io.plantroom.telemetry.Cause;
import io.plantroom.wire.Command;
import io.plantroom.wire.CommandReason;
import io.plantroom.wire.Event;
import io.plantroom.wire.Event.CommandOutcome;
import io.plantroom.wire.JsonWire;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a command, at a device that does what the test says. */
class FieldCommandsTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final CommandsConfig ALLOWED =
      new CommandsConfig(
          List.of(
              new Allowed("ahu-1", List.of("setpoint", "fan")),
              new Allowed("fire-1", List.of("system-normal"))));

  @SuppressWarnings("NullAway.Init") // filled in by JUnit
  @TempDir
  Path folder;

  private final Box box = new Box();
  private final List<Event.CommandResult> told = new CopyOnWriteArrayList<>();
  private volatile Instant now = NOON;
  private volatile boolean trusted = true;
  private volatile boolean outboxFull;
  private @Nullable FieldCommands commands;

  /** A device that shows what was written, unless it is told to misbehave. */
  private final class Box implements WritingDriver, Field {
    private final DeviceConfig ahu =
        TestDevices.device("ahu-1", "test-ahu", "opc.tcp://127.0.0.1:1", Duration.ofSeconds(1));
    private final List<BigDecimal> writes = new CopyOnWriteArrayList<>();
    private volatile BigDecimal shows = new BigDecimal("20");
    private volatile boolean dead;
    private volatile boolean deaf;
    private final AtomicInteger slowToShow = new AtomicInteger();
    private volatile @Nullable Cause refusal;
    private volatile Runnable beforeWrite = () -> {};

    @Override
    public List<RawValue> read(List<Point> points) {
      throw new AssertionError("commands ask for what is fresh");
    }

    @Override
    public RawValue fresh(Point point) throws DriverException {
      if (dead) {
        throw new DriverException(Cause.TIMEOUT, "no answer");
      }
      if (!writes.isEmpty() && slowToShow.get() > 0) {
        slowToShow.decrementAndGet();
      } else if (!writes.isEmpty() && !deaf) {
        shows = writes.get(writes.size() - 1);
      }
      beforeWrite.run();
      return RawValue.good(point.name(), now, new Raw.Exact(shows));
    }

    @Override
    public void write(Point point, Raw value) throws DriverException {
      Cause cause = refusal;
      if (cause != null) {
        throw new DriverException(cause, "Exception 3");
      }
      writes.add(Objects.requireNonNull(value.number()));
    }

    @Override
    public void close() {}

    @Override
    public Optional<DeviceConfig> device(String key) {
      if (key.equals("fire-1")) {
        return Optional.of(fire());
      }
      return key.equals("ahu-1") ? Optional.of(ahu) : Optional.empty();
    }

    @Override
    public <T> CompletableFuture<T> during(String device, Errand<T> errand) {
      CompletableFuture<T> done = new CompletableFuture<>();
      try {
        done.complete(errand.run(this));
      } catch (DriverException e) {
        done.completeExceptionally(e);
      }
      return done;
    }
  }

  private static DeviceConfig fire() {
    Profile panel = ProfileCatalog.builtIn().find("fire-panel-contacts").orElseThrow();
    return new DeviceConfig(
        "fire-1",
        panel,
        URI.create("modbus-tcp://127.0.0.1:1?unit=1"),
        Duration.ofSeconds(1),
        new Event.LocalName("消防", "Fire"),
        null,
        null);
  }

  private FieldCommands run() {
    FieldCommands made =
        new FieldCommands(
            ALLOWED, folder.resolve("commands"), box, this::tell, () -> now, () -> trusted);
    commands = made;
    made.start();
    return made;
  }

  private void tell(Event event) {
    if (outboxFull) {
      throw new IllegalStateException("no room");
    }
    told.add((Event.CommandResult) event);
  }

  @AfterEach
  void stop() {
    if (commands != null) {
      commands.close();
    }
  }

  private static Command set(String device, String point, String value) {
    return new Command(
        UUID.randomUUID(), device, point, value, NOON.plusSeconds(60), "li.engineer");
  }

  private Event.CommandResult answer(Command command) {
    commands().heard(JsonWire.encode(command));
    return answered(command);
  }

  private FieldCommands commands() {
    return commands == null ? run() : commands;
  }

  private Event.CommandResult answered(Command command) {
    await().atMost(Duration.ofSeconds(30)).until(() -> !ends(command).isEmpty());
    return ends(command).get(0);
  }

  private List<Event.CommandResult> ends(Command command) {
    return told.stream()
        .filter(e -> e.id().equals(command.id()) && e.outcome() != CommandOutcome.ACCEPTED)
        .toList();
  }

  private static String key(CommandReason reason) {
    return reason.key();
  }

  @Test
  void aCommandIsAcceptedWrittenOnceReadBackAndAnswered() {
    Command command = set("ahu-1", "setpoint", "21.5");

    Event.CommandResult end = answer(command);

    assertThat(end.outcome()).isEqualTo(CommandOutcome.DONE);
    assertThat(end.value()).isEqualTo("21.5");
    assertThat(end.reason()).isNull();
    assertThat(told.get(0).outcome()).isEqualTo(CommandOutcome.ACCEPTED);
    assertThat(box.writes).containsExactly(new BigDecimal("21.5"));
    assertThat(commands().standing().ended()).containsEntry(CommandOutcome.DONE, 1L);
  }

  @Test
  void aRepeatedCommandIsAnsweredAgainAndNotWrittenAgain() {
    Command command = set("ahu-1", "setpoint", "21.5");
    answer(command);

    commands().heard(JsonWire.encode(command));

    await().until(() -> ends(command).size() == 2);
    commands().close();
    run().heard(JsonWire.encode(command));
    await().until(() -> ends(command).size() == 3);
    assertThat(ends(command)).allMatch(e -> e.outcome() == CommandOutcome.DONE);
    assertThat(box.writes).hasSize(1);
  }

  @Test
  void whatMayNotBeIsRefusedWithItsReasonAndNeverWritten() {
    List<CommandReason> reasons = new ArrayList<>();
    for (Command c :
        List.of(
            set("fire-1", "system-normal", "1"),
            set("ahu-2", "setpoint", "20"),
            set("ahu-1", "colour", "20"),
            set("ahu-1", "setpoint", "31"),
            set("ahu-1", "setpoint", "20.1"),
            set("ahu-1", "setpoint", "warm"),
            set("ahu-1", "fan", "2"))) {
      Event.CommandResult end = answer(c);
      assertThat(end.outcome()).isEqualTo(CommandOutcome.REFUSED);
      reasons.add(CommandReason.of(Objects.requireNonNull(end.reason())).orElseThrow());
    }
    assertThat(reasons)
        .containsExactly(
            CommandReason.FIRE,
            CommandReason.NOT_ALLOWED,
            CommandReason.NOT_ALLOWED,
            CommandReason.OUT_OF_BOUNDS,
            CommandReason.NOT_A_STEP,
            CommandReason.NOT_A_NUMBER,
            CommandReason.NOT_A_STATE);
    assertThat(box.writes).isEmpty();
  }

  @Test
  void whatComesTooLateIsExpiredAlsoWhenItExpiresWhileItWaitsForTheBus() {
    Command late = set("ahu-1", "setpoint", "21");
    now = NOON.plusSeconds(60);
    assertThat(answer(late).outcome()).isEqualTo(CommandOutcome.EXPIRED);
    now = NOON;
    box.beforeWrite = () -> now = NOON.plusSeconds(61);

    Event.CommandResult end = answer(set("ahu-1", "setpoint", "22"));

    assertThat(end.outcome()).isEqualTo(CommandOutcome.EXPIRED);
    assertThat(end.reason()).isEqualTo(key(CommandReason.TOO_LATE));
    assertThat(box.writes).isEmpty();
  }

  @Test
  void aClockThatCannotBeBelievedLetsNothingBeWritten() {
    trusted = false;
    Event.CommandResult end = answer(set("ahu-1", "setpoint", "21"));
    assertThat(end.reason()).isEqualTo(key(CommandReason.CLOCK));
    trusted = true;
    box.beforeWrite = () -> trusted = false;
    assertThat(answer(set("ahu-1", "setpoint", "22")).reason()).isEqualTo(key(CommandReason.CLOCK));
    assertThat(box.writes).isEmpty();
  }

  @Test
  void aDeviceThatDoesNotAnswerBeforehandIsNotWrittenTo() {
    box.dead = true;
    Event.CommandResult end = answer(set("ahu-1", "setpoint", "21"));
    assertThat(end.outcome()).isEqualTo(CommandOutcome.FAILED);
    assertThat(end.reason()).isEqualTo(key(CommandReason.NO_CONNECTION));
    assertThat(box.writes).isEmpty();
  }

  @Test
  void aDeviceThatRefusesHasFailedAndOneThatFallsSilentIsUnknown() {
    box.refusal = Cause.DEVICE_EXCEPTION;
    Event.CommandResult refused = answer(set("ahu-1", "setpoint", "21"));
    assertThat(refused.outcome()).isEqualTo(CommandOutcome.FAILED);
    assertThat(refused.reason()).isEqualTo(key(CommandReason.DEVICE_REFUSED));
    assertThat(refused.value()).isEqualTo("20");
    assertThat(refused.detail()).isEqualTo("Exception 3");
    box.refusal = Cause.TIMEOUT;
    Event.CommandResult silent = answer(set("ahu-1", "setpoint", "21"));
    assertThat(silent.outcome()).isEqualTo(CommandOutcome.UNKNOWN);
    assertThat(silent.value()).isEqualTo("20");
  }

  @Test
  void aDeviceMayTakeItsTimeToShowWhatWasWritten() {
    box.slowToShow.set(2);
    assertThat(answer(set("ahu-1", "setpoint", "21")).outcome()).isEqualTo(CommandOutcome.DONE);
    assertThat(box.writes).hasSize(1);
  }

  @Test
  void aDeviceThatKeepsShowingSomethingElseHasFailed() {
    box.deaf = true;
    Event.CommandResult end = answer(set("ahu-1", "setpoint", "21"));
    assertThat(end.outcome()).isEqualTo(CommandOutcome.FAILED);
    assertThat(end.reason()).isEqualTo(key(CommandReason.READS_OTHERWISE));
    assertThat(end.value()).isEqualTo("20");
    assertThat(box.writes).hasSize(1);
  }

  @Test
  void anAgentThatEndedWhileItWroteNeverWritesAgainAndTellsWhatTheDeviceShows() throws Exception {
    Command command = set("ahu-1", "setpoint", "21");
    new CommandMemory(folder.resolve("commands")).put(Entry.accepted(command, NOON).writing(NOON));
    box.shows = new BigDecimal("21.0");

    run();

    Event.CommandResult end = answered(command);
    assertThat(end.outcome()).isEqualTo(CommandOutcome.UNKNOWN);
    assertThat(end.reason()).isEqualTo(key(CommandReason.INTERRUPTED));
    assertThat(end.value()).isEqualTo("21");
    commands().heard(JsonWire.encode(command));
    await().until(() -> ends(command).size() == 2);
    assertThat(box.writes).isEmpty();
  }

  @Test
  void whatWasAcceptedAndNotBegunIsWrittenByTheNextStartUnlessItIsTooLate() throws Exception {
    Command waits = set("ahu-1", "setpoint", "21");
    Command late =
        new Command(UUID.randomUUID(), "ahu-1", "fan", "0", NOON.minusSeconds(1), "li.engineer");
    CommandMemory memory = new CommandMemory(folder.resolve("commands"));
    memory.put(Entry.accepted(waits, NOON));
    memory.put(Entry.accepted(late, NOON));

    run();

    assertThat(answered(waits).outcome()).isEqualTo(CommandOutcome.DONE);
    assertThat(answered(late).outcome()).isEqualTo(CommandOutcome.EXPIRED);
    assertThat(box.writes)
        .usingElementComparator(BigDecimal::compareTo)
        .containsExactly(new BigDecimal("21"));
  }

  @Test
  void aRecordThatCannotBeReadIsACommandThatIsNeverCarriedOut() throws Exception {
    Command command = set("ahu-1", "setpoint", "21");
    Files.createDirectories(folder.resolve("commands"));
    Files.writeString(folder.resolve("commands").resolve(command.id() + ".json"), "{\"comm");

    assertThat(answer(command).outcome()).isEqualTo(CommandOutcome.UNKNOWN);
    assertThat(box.writes).isEmpty();
  }

  @Test
  void whatCannotBeRememberedIsNotWritten() throws Exception {
    Files.writeString(folder.resolve("commands"), "a file where the folder should be");

    Event.CommandResult end = answer(set("ahu-1", "setpoint", "21"));

    assertThat(end.outcome()).isEqualTo(CommandOutcome.REFUSED);
    assertThat(end.reason()).isEqualTo(key(CommandReason.DISK));
    assertThat(box.writes).isEmpty();
  }

  @Test
  void anAnswerForWhichThereIsNoRoomIsToldLater() {
    Command command = set("ahu-1", "setpoint", "21");
    run();
    outboxFull = true;
    commands().heard(JsonWire.encode(command));
    await().until(() -> commands().standing().ended().containsKey(CommandOutcome.DONE));
    assertThat(ends(command)).isEmpty();
    outboxFull = false;
    assertThat(answered(command).outcome()).isEqualTo(CommandOutcome.DONE);
    assertThat(box.writes).hasSize(1);
  }

  @Test
  void whatIsLongOverIsForgotten() {
    Command command = set("ahu-1", "setpoint", "21");
    answer(command);
    now = NOON.plus(CommandMemory.KEPT).plusSeconds(120);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> folder.resolve("commands").toFile().list().length == 0);
  }
}
