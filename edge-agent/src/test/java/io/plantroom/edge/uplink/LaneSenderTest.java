package io.plantroom.edge.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.plantroom.edge.outbox.InMemoryOutbox;
import io.plantroom.telemetry.Lane;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import io.plantroom.wire.Frame;
import io.plantroom.wire.FrameHeader;
import io.plantroom.wire.Receipt;
import io.plantroom.wire.Receipt.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LaneSenderTest {
  private static final long EPOCH = 77;
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private final InMemoryOutbox<Sample> outbox = new InMemoryOutbox<>(EPOCH);
  private final List<FrameHeader> sent = new ArrayList<>();
  private long nanos = 1;
  private final LaneSender<Sample> sender =
      new LaneSender<>(
          "gw-1",
          Lane.TELEMETRY,
          outbox,
          3,
          Frame.Telemetry::new,
          frame -> sent.add(frame.header()),
          () -> nanos);

  private void append(int count) {
    outbox.append(
        IntStream.range(0, count)
            .mapToObj(i -> Sample.good("m", "p", NOON.plusSeconds(i), new Value.State(i)))
            .toList());
  }

  private void receipt(Outcome outcome, long watermark, int round) {
    sender.receipt(new Receipt(Lane.TELEMETRY, EPOCH, watermark, outcome, round, null));
    sender.pump();
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
    sender.pump();
  }

  private List<Long> firsts() {
    return sent.stream().map(FrameHeader::firstSequence).toList();
  }

  private int round() {
    return sent.get(sent.size() - 1).round();
  }

  @Test
  void nothingIsSentBeforeThereIsAConnection() {
    append(10);
    sender.pump();
    assertThat(sent).isEmpty();
  }

  @Test
  void theWindowBoundsWhatIsUnderWayAndAReceiptMakesRoom() {
    append(5000);
    sender.connected();
    sender.pump();
    assertThat(firsts()).containsExactly(1L, 501L, 1001L);
    receipt(Outcome.COMMITTED, 500, round());
    assertThat(firsts()).containsExactly(1L, 501L, 1001L, 1501L);
    assertThat(outbox.released()).isEqualTo(500);
  }

  @Test
  void oneReceiptMayStandForSeveralFrames() {
    append(5000);
    sender.connected();
    sender.pump();
    receipt(Outcome.COMMITTED, 1500, round());
    assertThat(firsts()).containsExactly(1L, 501L, 1001L, 1501L, 2001L, 2501L);
  }

  @Test
  void aHoleIsSentAgainOnceFromTheWatermarkWithANewRound() {
    append(1500);
    sender.connected();
    sender.pump();
    int round = round();
    receipt(Outcome.HOLE, 0, round);
    assertThat(firsts()).containsExactly(1L, 501L, 1001L, 1L, 501L, 1001L);
    assertThat(round()).isEqualTo(round + 1);
    receipt(Outcome.HOLE, 0, round);
    assertThat(sent).as("the second answer to the first attempt rewinds nothing").hasSize(6);
    assertThat(sender.counters().ignoredReceipts()).isEqualTo(1);
  }

  @Test
  void withoutAReceiptTheRecordsAreSentAgain() {
    append(700);
    sender.connected();
    sender.pump();
    pass(Duration.ofSeconds(9));
    assertThat(sent).hasSize(2);
    pass(Duration.ofSeconds(2));
    assertThat(firsts()).containsExactly(1L, 501L, 1L, 501L);
  }

  @Test
  void aHubThatOnlyFindsHolesIsAskedMoreAndMoreSlowly() {
    append(100);
    sender.connected();
    sender.pump();
    for (int i = 0; i < 50; i++) {
      receipt(Outcome.HOLE, 0, round());
    }
    assertThat(sent.size()).isLessThan(5);
    pass(Duration.ofSeconds(31));
    assertThat(sent.size()).isGreaterThan(2);
  }

  @Test
  void refusedDataIsKeptAndTriedAgainAfterHalfAMinute() {
    append(10);
    sender.connected();
    sender.pump();
    receipt(Outcome.REFUSED, 0, round());
    pass(Duration.ofSeconds(29));
    assertThat(sent).hasSize(1);
    assertThat(sender.counters().isRefused()).isTrue();
    assertThat(outbox.backlog()).isEqualTo(10);
    pass(Duration.ofSeconds(2));
    assertThat(firsts()).containsExactly(1L, 1L);
    receipt(Outcome.COMMITTED, 10, round());
    assertThat(sender.counters().isRefused()).isFalse();
    assertThat(outbox.backlog()).isZero();
  }

  @Test
  void afterAReconnectionItGoesOnBehindTheWatermark() {
    append(1500);
    sender.connected();
    sender.pump();
    receipt(Outcome.COMMITTED, 500, round());
    sender.disconnected();
    sender.pump();
    sender.connected();
    sender.pump();
    assertThat(firsts()).containsExactly(1L, 501L, 1001L, 501L, 1001L);
  }

  @Test
  void aRepeatedReceiptChangesNothing() {
    append(1500);
    sender.connected();
    sender.pump();
    receipt(Outcome.COMMITTED, 1000, round());
    receipt(Outcome.COMMITTED, 1000, round());
    receipt(Outcome.COMMITTED, 500, round());
    assertThat(outbox.released()).isEqualTo(1000);
    assertThat(sent).hasSize(3);
  }

  @Test
  void aReceiptOfAnotherEpochOrLaneFreesNothing() {
    append(10);
    sender.connected();
    sender.pump();
    sender.receipt(new Receipt(Lane.TELEMETRY, 78, 10, Outcome.COMMITTED, round(), null));
    sender.receipt(new Receipt(Lane.EVENTS, EPOCH, 10, Outcome.COMMITTED, round(), null));
    sender.receipt(new Receipt(Lane.TELEMETRY, EPOCH, 11, Outcome.COMMITTED, round(), null));
    assertThat(outbox.released()).isZero();
  }

  @Test
  void aHubThatHasMoreThanWeRememberIsNotSentItAgain() {
    append(1500);
    sender.connected();
    sender.pump();
    sender.disconnected();
    sent.clear();
    sender.connected();
    receipt(Outcome.COMMITTED, 1200, 0);
    assertThat(firsts()).containsExactly(1201L);
  }

  @Test
  void everyLostFrameIsMadeUpForWhateverGetsLost() {
    Random random = new Random(20261121);
    append(20_000);
    sender.connected();
    long watermark = 0;
    int seen = 0;
    sender.pump();
    for (int step = 0; step < 5000 && watermark < 20_000; step++) {
      if (seen < sent.size()) {
        FrameHeader h = sent.get(seen++);
        if (random.nextInt(5) == 0) {
          continue;
        }
        boolean hole = h.firstSequence() > watermark + 1;
        watermark = hole ? watermark : Math.max(watermark, h.lastSequence());
        if (random.nextInt(5) != 0) {
          receipt(hole ? Outcome.HOLE : Outcome.COMMITTED, watermark, h.round());
        }
      } else {
        pass(Duration.ofSeconds(11));
      }
      assertThat(outbox.released()).isLessThanOrEqualTo(watermark);
    }
    assertThat(watermark).isEqualTo(20_000);
  }
}
