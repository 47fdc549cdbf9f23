package io.plantroom.edge.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.plantroom.edge.clock.ClockWatch;
import io.plantroom.edge.outbox.InMemoryOutbox;
import io.plantroom.edge.outbox.RecordClass;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import io.plantroom.wire.Event;
import io.plantroom.wire.Frame;
import io.plantroom.wire.FrameCodec;
import io.plantroom.wire.GatewayStatus;
import io.plantroom.wire.JsonWire;
import io.plantroom.wire.LiveCodec;
import io.plantroom.wire.Receipt;
import io.plantroom.wire.WireException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UplinkTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private final InMemoryOutbox<Event> events = new InMemoryOutbox<>(1);
  private final InMemoryOutbox<Sample> telemetry = new InMemoryOutbox<>(2);
  private final InMemoryOutbox<Sample> registers = new InMemoryOutbox<>(3);
  private final LiveCopy live = new LiveCopy();
  private volatile Instant wall = Instant.ofEpochSecond(100);
  private final ClockWatch clock = new ClockWatch(() -> wall, () -> 0, () -> true);
  private final RecordingTransport transport = new RecordingTransport();
  private final Uplink uplink =
      new Uplink(
          "gw-1", transport, events, registers, telemetry, live, clock, 8, UplinkTest::status);

  private static GatewayStatus status() {
    return new GatewayStatus(NOON, true, "1", true, 0, 0, 2, 1);
  }

  /** A broker with a hub behind it that commits everything, while it is there. */
  private static final class RecordingTransport implements Transport {
    private final List<Frame> frames = new CopyOnWriteArrayList<>();
    private final List<String> topics = new CopyOnWriteArrayList<>();
    private final List<GatewayStatus> told = new CopyOnWriteArrayList<>();
    private final List<byte[]> shown = new CopyOnWriteArrayList<>();
    private volatile @Nullable Listener listener;
    private volatile boolean commits = true;
    private volatile boolean closed;

    Listener listener() {
      return Objects.requireNonNull(listener);
    }

    @Override
    public void start(Listener to) {
      listener = to;
    }

    @Override
    public void publish(String topic, byte[] payload) {
      try {
        Frame frame = FrameCodec.decode(payload);
        topics.add(topic);
        frames.add(frame);
        if (commits) {
          var h = frame.header();
          listener()
              .onReceipt(
                  new Receipt(
                      h.lane(),
                      h.epoch(),
                      h.lastSequence(),
                      Receipt.Outcome.COMMITTED,
                      h.round(),
                      null));
        }
      } catch (WireException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void tell(String topic, byte[] payload) {
      if (topic.equals("plantroom/v1/gw-1/up/live")) {
        shown.add(payload);
        return;
      }
      try {
        told.add(JsonWire.status(payload));
      } catch (WireException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static List<Sample> samples(int count) {
    List<Sample> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(Sample.good("m", "p", NOON.plusSeconds(i), new Value.State(i)));
    }
    return all;
  }

  private static Event link(int i) {
    return new Event.LinkChange(NOON.plusSeconds(i), true, "m", true, null);
  }

  @AfterEach
  void close() {
    uplink.close();
  }

  @Test
  void eventsGoBeforeABacklogOfTelemetryAndEverythingIsFreedByReceipts() {
    telemetry.append(samples(3000));
    events.append(List.of(link(1)));
    uplink.start();
    transport.listener().onConnected();
    await().until(() -> telemetry.backlog() == 0 && events.backlog() == 0);
    assertThat(transport.frames.get(0)).isInstanceOf(Frame.Events.class);
    assertThat(transport.topics)
        .contains("plantroom/v1/gw-1/up/events", "plantroom/v1/gw-1/up/telemetry");
    assertThat(uplink.counters(RecordClass.TELEMETRY).frames()).isEqualTo(6);
  }

  @Test
  void aNewRecordIsSentAtOnce() {
    uplink.start();
    transport.listener().onConnected();
    events.append(List.of(link(1)));
    await().until(() -> events.backlog() == 0);
  }

  @Test
  void whileTheWayIsClosedNothingIsSentAndAfterwardsNothingIsMissing() {
    uplink.start();
    transport.listener().onConnected();
    transport.commits = false;
    telemetry.append(samples(10));
    await().until(() -> transport.frames.size() == 1);
    transport.listener().onDisconnected("gone");
    await().until(() -> uplink.down() != null);
    telemetry.append(samples(10));
    assertThat(telemetry.released()).isZero();
    transport.commits = true;
    transport.listener().onConnected();
    await().until(() -> telemetry.backlog() == 0);
    assertThat(transport.frames.get(1).header().firstSequence()).isEqualTo(1);
    assertThat(transport.frames.get(1).header().round())
        .isGreaterThan(transport.frames.get(0).header().round());
  }

  @Test
  void registersGoBeforeTheRestAndEachQueueIsFreedByItsOwnReceipts() {
    telemetry.append(samples(700));
    registers.append(samples(600));
    uplink.start();
    transport.listener().onConnected();
    await().until(() -> telemetry.backlog() == 0 && registers.backlog() == 0);
    assertThat(transport.frames).extracting(f -> f.header().epoch()).startsWith(3L).contains(2L);
    assertThat(uplink.counters(RecordClass.REGISTERS).ignoredReceipts()).isZero();
    assertThat(uplink.counters(RecordClass.TELEMETRY).ignoredReceipts()).isZero();
  }

  @Test
  void behindABacklogTheNewestValueOfEachPointIsShown() throws Exception {
    transport.commits = false;
    telemetry.append(samples(600));
    live.offer(samples(3));
    uplink.start();
    transport.listener().onConnected();
    await().until(() -> !transport.shown.isEmpty());
    assertThat(LiveCodec.decode(transport.shown.get(0))).containsExactly(samples(3).get(2));
    assertThat(transport.shown).hasSize(1);
  }

  @Test
  void whatWasRecordedBeforeTheTimeWasKnownIsSentWithTheTimeItShouldHaveHad() {
    Instant then = wall;
    assertThat(clock.trusted()).isFalse();
    telemetry.append(
        List.of(Sample.good("m", "p", then, new Value.State(1)).withClockTrusted(false)));
    wall = NOON;
    assertThat(clock.trusted()).isTrue();
    uplink.start();
    transport.listener().onConnected();
    await().until(() -> telemetry.backlog() == 0);
    assertThat(((Frame.Telemetry) transport.frames.get(0)).samples())
        .containsExactly(Sample.good("m", "p", NOON, new Value.State(1)));
  }

  @Test
  void withoutABacklogNothingIsShownBesideIt() {
    uplink.start();
    transport.listener().onConnected();
    live.offer(samples(3));
    await().during(Duration.ofMillis(1500)).until(transport.shown::isEmpty);
    assertThat(live.take()).as("and nothing is kept for later").isEmpty();
  }

  @Test
  void theHubHearsHowTheGatewayIsAndThatItLeavesOnPurpose() {
    uplink.start();
    transport.listener().onConnected();
    await().until(() -> !transport.told.isEmpty());
    assertThat(transport.told.get(0).online()).isTrue();
    uplink.close();
    assertThat(transport.told.get(transport.told.size() - 1).online()).isFalse();
    assertThat(transport.closed).isTrue();
  }
}
