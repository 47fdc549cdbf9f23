package io.plantroom.edge.outbox;

import static io.plantroom.edge.outbox.OutboxContract.samples;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plantroom.telemetry.Sample;
import io.plantroom.wire.Event;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real file system of 64 MB that is filled to the last byte, and freed again. */
@Tag("faults")
class FullDiskIT {
  private static final long RESERVE = 8L << 20;

  @SuppressWarnings("NullAway.Init") // filled in by JUnit
  @TempDir
  Path folder;

  private static Event link(int i) {
    return new Event.LinkChange(OutboxContract.NOON.plusSeconds(i), true, "m", true, null);
  }

  private static Outboxes open(Path disk) {
    return Outboxes.open(disk.resolve("outbox"), Duration.ofMillis(50), 1L << 30, RESERVE);
  }

  /** The other program that is always to blame. */
  private static void fill(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      byte[] chunk = new byte[4096];
      while (true) {
        out.write(chunk);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4"})
  void telemetryStopsInTimeAlarmsGoOnAndAllComesBackByItself(String type) throws Exception {
    try (LoopDisk disk = LoopDisk.make(folder, type, 64)) {
      List<Event> events = new ArrayList<>();
      int last = 0;
      Path other = disk.path().resolve("other");
      try (Outboxes outboxes = open(disk.path())) {
        outboxes.tend();
        // Telemetry alone never fills the disk: it stops at the reserve.
        int before = last;
        last = appendUntilFull(outboxes.telemetry(), last);
        assertThat(last).isGreaterThan(before + 10_000);
        assertThat(disk.path().toFile().getUsableSpace()).isGreaterThan(RESERVE / 2);
        outboxes.registers().append(samples(1, 100));
        // Then something else takes all that is left.
        fill(other);
        assertThatThrownBy(() -> outboxes.registers().append(samples(101, 200)))
            .isInstanceOf(OutboxFullException.class);
        for (int i = 0; i < 300; i++) {
          outboxes.events().append(List.of(link(i)));
          events.add(link(i));
        }
        assertThat(outboxes.events().peek(1, 1000, 1 << 20).records()).isEqualTo(events);
        assertThat(outboxes.telemetry().lastSequence()).isEqualTo(last);
      }
      // The agent is restarted while the disk is still full.
      Files.delete(other);
      try (Outboxes outboxes = open(disk.path())) {
        assertThat(outboxes.events().peek(1, 1000, 1 << 20).records()).isEqualTo(events);
        assertThat(outboxes.registers().peek(1, 1000, 1 << 20).records())
            .isEqualTo(samples(1, 100));
        assertThat(outboxes.telemetry().lastSequence()).isEqualTo(last);
        drainAndCompare(outboxes.telemetry(), last);
        outboxes.telemetry().release(last);
        outboxes.telemetry().append(samples(last + 1, last + 10));
        assertThat(outboxes.telemetry().lastSequence()).isEqualTo(last + 10);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4"})
  void whatWasNotTakenIsCountedAndToldWhenThereIsRoomAgain(String type) throws Exception {
    try (LoopDisk disk = LoopDisk.make(folder, type, 64);
        Outboxes outboxes = open(disk.path())) {
      Path other = disk.path().resolve("other");
      outboxes.telemetry().append(samples(1, 10));
      fill(other);
      for (int i = 0; i < 5; i++) {
        List<Sample> more = samples(11 + i, 11 + i);
        assertThatThrownBy(() -> outboxes.telemetry().append(more))
            .isInstanceOf(OutboxFullException.class);
      }
      assertThat(outboxes.telemetry().lost()).isEqualTo(5);
      Files.delete(other);
      outboxes.telemetry().append(samples(16, 20));
      assertThat(outboxes.telemetry().untold()).hasSize(1);
      Loss loss = outboxes.telemetry().untold().get(0);
      assertThat(loss.from()).isEqualTo(11);
      assertThat(loss.to()).isEqualTo(15);
      assertThat(loss.oldest()).isEqualTo(OutboxContract.NOON.plusSeconds(11));
      assertThat(loss.newest()).isEqualTo(OutboxContract.NOON.plusSeconds(15));
      ((ChronicleOutbox<?>) outboxes.telemetry()).flush();
      outboxes.telemetry().release(10);
      assertThat(outboxes.telemetry().peek(11, 100, 1 << 20))
          .isEqualTo(new Outbox.Batch<>(16, samples(16, 20)));
    }
  }

  private static int appendUntilFull(Outbox<Sample> outbox, int from) {
    int last = from;
    try {
      while (true) {
        outbox.append(samples(last + 1, last + 100));
        last += 100;
      }
    } catch (OutboxFullException e) {
      return last;
    }
  }

  private static void drainAndCompare(Outbox<Sample> outbox, int last) {
    long next = 1;
    while (next <= last) {
      Outbox.Batch<Sample> batch = outbox.peek(next, 500, 1 << 20);
      assertThat(batch.records()).isEqualTo(samples((int) next, (int) batch.lastSequence()));
      assertThat(batch.records()).isNotEmpty();
      next = batch.lastSequence() + 1;
    }
  }
}
