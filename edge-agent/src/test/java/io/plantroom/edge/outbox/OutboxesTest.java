package io.plantroom.edge.outbox;

import static io.plantroom.edge.outbox.OutboxContract.drain;
import static io.plantroom.edge.outbox.OutboxContract.samples;
import static org.assertj.core.api.Assertions.assertThat;

import io.plantroom.wire.Event;
import io.plantroom.wire.Event.LossReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each class of records may take, and what happens when that is not enough. */
@Tag("faults")
class OutboxesTest {
  private static final long QUOTA = 8L << 20;

  @SuppressWarnings("NullAway.Init") // filled in by JUnit
  @TempDir
  Path folder;

  private Outboxes open() {
    return Outboxes.open(folder, Duration.ofMinutes(1), QUOTA, 1 << 20);
  }

  private static Event link(int i) {
    return new Event.LinkChange(
        OutboxContract.NOON.plusSeconds(i), true, "m", true, "r".repeat(99));
  }

  @Test
  void aFloodOfTelemetryTakesNothingFromEventsAndRegisters() {
    try (Outboxes outboxes = open()) {
      outboxes.events().append(List.of(link(1), link(2)));
      outboxes.registers().append(samples(1, 500));
      int last = 0;
      while (outboxes.telemetry().firstKept() < 200_000) {
        outboxes.telemetry().append(samples(last + 1, last + 500));
        last += 500;
      }
      assertThat(outboxes.events().firstKept()).isEqualTo(1);
      assertThat(outboxes.registers().firstKept()).isEqualTo(1);
      assertThat(drain(outboxes.registers(), 1)).isEmpty();
      ((ChronicleOutbox<?>) outboxes.registers()).flush();
      assertThat(drain(outboxes.registers(), 1)).isEqualTo(samples(1, 500));
      assertThat(outboxes.events().peek(1, 10, 1 << 20).records())
          .containsExactly(link(1), link(2));
    }
  }

  @Test
  void theOldestGoFirstAndWhatWentIsToldInOrderAlsoAfterARestart() {
    List<Loss> losses;
    long kept;
    int last = 0;
    try (Outboxes outboxes = open()) {
      while (outboxes.telemetry().lost() < 300_000) {
        outboxes.telemetry().append(samples(last + 1, last + 500));
        last += 500;
      }
      losses = outboxes.telemetry().untold();
      kept = outboxes.telemetry().firstKept();
    }
    assertThat(losses).hasSizeGreaterThan(2);
    long next = 1;
    for (Loss loss : losses) {
      assertThat(loss.reason()).isEqualTo(LossReason.EVICTED);
      assertThat(loss.from()).isEqualTo(next);
      assertThat(loss.oldest()).isEqualTo(OutboxContract.NOON.plusSeconds(loss.from()));
      assertThat(loss.newest()).isEqualTo(OutboxContract.NOON.plusSeconds(loss.to()));
      next = loss.to() + 1;
    }
    assertThat(kept).isEqualTo(next);
    try (Outboxes outboxes = open()) {
      assertThat(outboxes.telemetry().untold()).isEqualTo(losses);
      assertThat(outboxes.telemetry().firstKept()).isEqualTo(kept);
      assertThat(outboxes.telemetry().lastSequence()).isEqualTo(last);
      losses.forEach(outboxes.telemetry()::told);
      assertThat(outboxes.telemetry().untold()).isEmpty();
    }
  }

  @Test
  void theQuotaBoundsWhatIsReallyOnTheDisk() throws IOException {
    try (Outboxes outboxes = open()) {
      int last = 0;
      while (outboxes.telemetry().firstKept() < 100_000) {
        outboxes.telemetry().append(samples(last + 1, last + 10));
        last += 10;
      }
      try (Stream<Path> all = Files.walk(folder.resolve("telemetry"))) {
        long bytes = all.filter(Files::isRegularFile).mapToLong(OutboxesTest::allocated).sum();
        assertThat(bytes).isLessThan((long) (RecordClass.TELEMETRY.share(QUOTA) * 1.5));
      }
    }
  }

  private static long allocated(Path file) {
    try {
      Process du = new ProcessBuilder("du", "-k", file.toString()).start();
      String out =
          new String(du.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      return Long.parseLong(out.split("\\s+", 2)[0]) << 10;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void theSharesTogetherAreTheQuota() {
    long sum = Stream.of(RecordClass.values()).mapToLong(c -> c.share(QUOTA)).sum();
    assertThat(sum).isEqualTo(QUOTA);
  }
}
