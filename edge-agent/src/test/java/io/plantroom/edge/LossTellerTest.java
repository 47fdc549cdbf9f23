package io.plantroom.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.plantroom.edge.alarm.AlarmWatch;
import io.plantroom.edge.outbox.Outboxes;
import io.plantroom.edge.poll.ClockTrust;
import io.plantroom.edge.uplink.LiveCopy;
import io.plantroom.telemetry.Lane;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import io.plantroom.wire.Event;
import io.plantroom.wire.Event.LossReason;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is taken goes to its queue; what had to go is told on the lane of the events. */
@Tag("faults")
class LossTellerTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  @SuppressWarnings("NullAway.Init") // filled in by JUnit
  @TempDir
  Path folder;

  private Outboxes open() {
    return Outboxes.open(folder.resolve("outbox"), Duration.ofMillis(20), 8L << 20, 1 << 20);
  }

  private static List<Sample> samples(int from, int count, String point) {
    List<Sample> all = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      all.add(Sample.good("m", point, NOON.plusSeconds(i), new Value.State(i)));
    }
    return all;
  }

  @Test
  void evictedTelemetryIsToldOnceWithItsQueueAndTimes() {
    try (Outboxes outboxes = open()) {
      LossTeller teller = new LossTeller(outboxes, InstantSource.fixed(NOON), ClockTrust.always());
      teller.tell();
      assertThat(outboxes.events().lastSequence()).isZero();
      for (int last = 0; outboxes.telemetry().untold().isEmpty(); last += 500) {
        outboxes.telemetry().append(samples(last + 1, 500, "p"));
      }
      teller.tell();
      teller.tell();
      assertThat(outboxes.events().lastSequence()).isEqualTo(1);
      Event.RecordsLost lost =
          (Event.RecordsLost) outboxes.events().peek(1, 10, 1 << 20).records().get(0);
      assertThat(lost.reason()).isEqualTo(LossReason.EVICTED);
      assertThat(lost.lane()).isEqualTo(Lane.TELEMETRY);
      assertThat(lost.epoch()).isEqualTo(outboxes.telemetry().epoch());
      assertThat(lost.from()).isEqualTo(1);
      assertThat(lost.to()).isEqualTo(outboxes.telemetry().firstKept() - 1);
      assertThat(lost.oldest()).isEqualTo(NOON.plusSeconds(1));
      assertThat(lost.newest()).isEqualTo(NOON.plusSeconds(lost.to()));
    }
  }

  @Test
  void billedRegistersAndTheRestGoToQueuesOfTheirOwn() {
    try (Outboxes outboxes = open()) {
      AlarmWatch alarms =
          new AlarmWatch(
              List.of(), folder.resolve("alarms.json"), e -> {}, InstantSource.fixed(NOON));
      AgentSink sink =
          new AgentSink(outboxes, s -> s.point().equals("energy"), new LiveCopy(), alarms, e -> {});
      List<Sample> mixed = new ArrayList<>(samples(1, 3, "power"));
      mixed.addAll(1, samples(1, 2, "energy"));
      sink.onReport(mixed);
      assertThat(outboxes.registers().lastSequence()).isEqualTo(2);
      assertThat(outboxes.telemetry().lastSequence()).isEqualTo(3);
      assertThat(sink.samplesTold()).isEqualTo(5);
    }
  }
}
