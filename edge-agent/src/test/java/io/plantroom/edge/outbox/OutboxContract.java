package io.plantroom.edge.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every outbox promises. */
abstract class OutboxContract {
  static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  @SuppressWarnings("NullAway.Init") // filled in by JUnit
  @TempDir
  Path folder;

  /** Opens one that flushes each append. */
  abstract Outbox<Sample> open(Path folder);

  static List<Sample> samples(int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(i -> Sample.good("meter", "n", NOON.plusSeconds(i), new Value.State(i)))
        .toList();
  }

  static List<Sample> drain(Outbox<Sample> outbox, long from) {
    List<Sample> all = new ArrayList<>();
    long next = from;
    while (true) {
      Outbox.Batch<Sample> batch = outbox.peek(next, 7, 1 << 20);
      if (batch.records().isEmpty()) {
        return all;
      }
      assertThat(batch.firstSequence()).isEqualTo(next);
      all.addAll(batch.records());
      next = batch.lastSequence() + 1;
    }
  }

  @Test
  void aNewOutboxIsEmptyAndBeginsAtOne() {
    try (Outbox<Sample> outbox = open(folder)) {
      assertThat(outbox.lastSequence()).isZero();
      assertThat(outbox.firstKept()).isEqualTo(1);
      assertThat(outbox.backlog()).isZero();
      assertThat(outbox.epoch()).isPositive();
      assertThat(outbox.peek(1, 10, 1000).records()).isEmpty();
    }
  }

  @Test
  void recordsComeBackInTheirOrderWithoutAHole() {
    try (Outbox<Sample> outbox = open(folder)) {
      outbox.append(samples(1, 10));
      outbox.append(samples(11, 11));
      outbox.append(samples(12, 1300));
      assertThat(outbox.lastSequence()).isEqualTo(1300);
      assertThat(drain(outbox, 1)).isEqualTo(samples(1, 1300));
    }
  }

  @Test
  void theSameRecordsAreOfferedUntilTheyAreReleased() {
    try (Outbox<Sample> outbox = open(folder)) {
      outbox.append(samples(1, 20));
      assertThat(outbox.peek(1, 5, 1 << 20).records()).isEqualTo(samples(1, 5));
      assertThat(outbox.peek(6, 5, 1 << 20).records()).isEqualTo(samples(6, 10));
      assertThat(outbox.peek(1, 5, 1 << 20).records()).isEqualTo(samples(1, 5));
      outbox.release(5);
      assertThat(outbox.firstKept()).isEqualTo(6);
      assertThat(outbox.backlog()).isEqualTo(15);
      assertThat(outbox.peek(6, 3, 1 << 20).records()).isEqualTo(samples(6, 8));
    }
  }

  @Test
  void aBatchEndsInTheMiddleOfWhatWasAppendedTogether() {
    try (Outbox<Sample> outbox = open(folder)) {
      outbox.append(samples(1, 400));
      assertThat(outbox.peek(3, 2, 1 << 20).records()).isEqualTo(samples(3, 4));
      assertThat(outbox.peek(5, 2, 1 << 20).records()).isEqualTo(samples(5, 6));
    }
  }

  @Test
  void releasingBackwardsChangesNothing() {
    try (Outbox<Sample> outbox = open(folder)) {
      outbox.append(samples(1, 20));
      outbox.release(15);
      outbox.release(5);
      assertThat(outbox.released()).isEqualTo(15);
    }
  }

  @Test
  void releasingWhatWasNeverTakenIsRefused() {
    try (Outbox<Sample> outbox = open(folder)) {
      outbox.append(samples(1, 2));
      assertThatThrownBy(() -> outbox.release(3)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void theListenerHearsOfNewRecords() {
    try (Outbox<Sample> outbox = open(folder)) {
      AtomicInteger heard = new AtomicInteger();
      outbox.onReady(heard::incrementAndGet);
      outbox.append(samples(1, 2));
      assertThat(heard.get()).isEqualTo(1);
    }
  }
}
