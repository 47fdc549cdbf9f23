package io.plantroom.edge.outbox;

import io.plantroom.telemetry.Sample;
import io.plantroom.wire.Event;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All outboxes of an agent: one for each class of records, each with a share of its own. */
public final class Outboxes implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(Outboxes.class);
  private static final long LONGEST_FILE = 16L << 20;

  private final ChronicleOutbox<Event> events;
  private final ChronicleOutbox<Sample> registers;
  private final ChronicleOutbox<Sample> telemetry;
  private final Ballast ballast;

  private Outboxes(
      ChronicleOutbox<Event> events,
      ChronicleOutbox<Sample> registers,
      ChronicleOutbox<Sample> telemetry,
      Ballast ballast) {
    this.events = events;
    this.registers = registers;
    this.telemetry = telemetry;
    this.ballast = ballast;
  }

  /**
   * Opens all.
   *
   * @param flush how long samples may wait until they are on the disk; events never wait
   * @param quotaBytes what all may take together, divided by {@link RecordClass#share}
   * @param reserveBytes what telemetry leaves free on the disk; see {@link RecordClass#reserve}
   * @throws OutboxException when another process has one, or the disk fails
   * @throws OutboxFullException when they cannot be opened before there is {@link #hasRoom room}
   */
  public static Outboxes open(Path folder, Duration flush, long quotaBytes, long reserveBytes) {
    try {
      return openAll(folder, flush, quotaBytes, reserveBytes);
    } catch (OutboxException | UncheckedIOException e) {
      if (hasRoom(folder, reserveBytes)) {
        throw e;
      }
      LOGGER.atWarn().setCause(e).log("the outbox cannot be opened on a full disk");
      throw new OutboxFullException("disk full: the outbox " + folder + " cannot be opened");
    }
  }

  /** Whether the disk of this folder, which need not be there yet, has the room events need. */
  public static boolean hasRoom(Path folder, long reserveBytes) {
    Path there = folder.toAbsolutePath();
    while (there.getParent() != null && !Files.exists(there)) {
      there = there.getParent();
    }
    return there.toFile().getUsableSpace() >= RecordClass.EVENTS.reserve(reserveBytes);
  }

  private static Outboxes openAll(Path folder, Duration flush, long quotaBytes, long reserveBytes) {
    Path place = folder.toAbsolutePath();
    var made = place.toFile().mkdirs();
    if (!made && !place.toFile().isDirectory()) {
      throw new OutboxException("outbox " + place + ": cannot be made");
    }
    Ballast ballast = new Ballast(place, reserveBytes / 4, reserveBytes * 2);
    Room last = Room.withBallast(place, RecordClass.EVENTS.reserve(reserveBytes), ballast);
    // To open a queue takes a little room, too.
    var unused = last.enough();
    ChronicleOutbox<Event> events =
        ChronicleOutbox.open(
            folder.resolve("events"),
            RecordCodec.EVENTS,
            settings(RecordClass.EVENTS, Duration.ZERO, quotaBytes, reserveBytes),
            last);
    ChronicleOutbox<Sample> registers = null;
    try {
      registers =
          ChronicleOutbox.open(
              folder.resolve("registers"),
              RecordCodec.TELEMETRY,
              settings(RecordClass.REGISTERS, flush, quotaBytes, reserveBytes));
      ChronicleOutbox<Sample> telemetry =
          ChronicleOutbox.open(
              folder.resolve("telemetry"),
              RecordCodec.TELEMETRY,
              settings(RecordClass.TELEMETRY, flush, quotaBytes, reserveBytes));
      return new Outboxes(events, registers, telemetry, ballast);
    } catch (RuntimeException e) {
      events.close();
      if (registers != null) {
        registers.close();
      }
      throw e;
    }
  }

  private static OutboxSettings settings(
      RecordClass of, Duration flush, long quotaBytes, long reserveBytes) {
    long share = of.share(quotaBytes);
    return new OutboxSettings(
        flush, Math.min(LONGEST_FILE, Math.max(1, share / 8)), share, of.reserve(reserveBytes));
  }

  public Outbox<Event> events() {
    return events;
  }

  public Outbox<Sample> registers() {
    return registers;
  }

  public Outbox<Sample> telemetry() {
    return telemetry;
  }

  public Outbox<?> of(RecordClass type) {
    return switch (type) {
      case EVENTS -> events;
      case REGISTERS -> registers;
      case TELEMETRY -> telemetry;
    };
  }

  /** Makes the reserve for alarms again when there is room. To be called now and then. */
  public void tend() {
    ballast.fill();
  }

  @Override
  public void close() {
    telemetry.close();
    registers.close();
    events.close();
  }
}
