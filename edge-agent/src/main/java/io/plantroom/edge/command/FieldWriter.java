package io.plantroom.edge.command;

import io.plantroom.edge.command.Rules.Judgement;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.ProtocolDriver;
import io.plantroom.edge.driver.WritingDriver;
import io.plantroom.profile.Point;
import io.plantroom.profile.Quantity;
import io.plantroom.telemetry.Cause;
import io.plantroom.wire.Command;
import io.plantroom.wire.CommandReason;
import java.io.IOException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out one command on its bus: reads, looks at the clock, notes that it writes, writes once,
 * reads back. Runs on the thread of an errand.
 */
final class FieldWriter {
  private static final Logger LOGGER = LoggerFactory.getLogger(FieldWriter.class);

  private final CommandMemory memory;
  private final Rules rules;
  private final InstantSource clock;

  FieldWriter(CommandMemory memory, Rules rules, InstantSource clock) {
    this.memory = memory;
    this.rules = rules;
    this.clock = clock;
  }

  Verdict write(ProtocolDriver driver, Entry entry, Judgement judged) {
    if (!(driver instanceof WritingDriver writer)) {
      return Verdict.refused(CommandReason.NO_WRITER);
    }
    Point point = judged.writtenPoint();
    try {
      // A device that does not answer is not written to: nobody would know what became of it.
      var unused = Shown.of(writer, point);
    } catch (DriverException e) {
      return Verdict.failed(CommandReason.NO_CONNECTION, null, e.getMessage());
    }
    Command command = entry.command();
    Verdict late = rules.inTime(command);
    if (late != null) {
      return late;
    }
    try {
      memory.put(entry.writing(clock.instant()));
    } catch (IOException e) {
      LOGGER.atError().setCause(e).log("a command cannot be remembered, so it is not written");
      return Verdict.refused(CommandReason.DISK, e.getMessage());
    }
    return write(writer, point, judged.wanted());
  }

  /** Writes once and reads back. */
  static Verdict write(WritingDriver writer, Point point, Quantity wanted) {
    try {
      writer.write(point, point.raw(wanted));
    } catch (DriverException e) {
      String value = shown(writer, point);
      return e.reason() == Cause.DEVICE_EXCEPTION
          ? Verdict.failed(CommandReason.DEVICE_REFUSED, value, e.getMessage())
          : Verdict.unknown(CommandReason.DEVICE_SILENT, value, e.getMessage());
    } catch (IllegalArgumentException e) {
      return Verdict.refused(CommandReason.NOT_WRITABLE, e.getMessage());
    }
    return readBack(writer, point, wanted);
  }

  /** What the device shows now, held against what was written. */
  Verdict readBack(ProtocolDriver driver, Judgement judged) {
    return readBack((WritingDriver) driver, judged.writtenPoint(), judged.wanted());
  }

  static Verdict readBack(WritingDriver writer, Point point, Quantity wanted) {
    try {
      Shown shown = Shown.of(writer, point);
      String text = shown.text();
      if (text == null) {
        return Verdict.unknown(CommandReason.NOT_READ_BACK, null, null);
      }
      return shown.is(point, wanted)
          ? Verdict.done(text)
          : Verdict.failed(CommandReason.READS_OTHERWISE, text, null);
    } catch (DriverException e) {
      return Verdict.unknown(CommandReason.NOT_READ_BACK, null, e.getMessage());
    }
  }

  /** Null when the device does not say. */
  static @Nullable String shown(ProtocolDriver driver, Point point) {
    try {
      return driver instanceof WritingDriver writer ? Shown.of(writer, point).text() : null;
    } catch (DriverException e) {
      return null;
    }
  }
}
