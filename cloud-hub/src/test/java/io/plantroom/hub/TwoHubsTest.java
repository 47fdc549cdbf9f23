package io.plantroom.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import io.plantroom.telemetry.Lane;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import io.plantroom.wire.Event;
import io.plantroom.wire.Frame;
import io.plantroom.wire.FrameCodec;
import io.plantroom.wire.FrameHeader;
import io.plantroom.wire.Receipt.Outcome;
import io.plantroom.wire.Topics;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Two hubs on one database, both of which get everything at once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("faults")
class TwoHubsTest {
  @TempDir static Path folder = Path.of(".");
  private final DatabaseConfig database = TestDatabase.fresh();
  private TestHub one;
  private TestHub two;

  @BeforeAll
  void start() throws Exception {
    one = new TestHub(folder, database, InstantSource.system());
    two = new TestHub(folder, database, InstantSource.system());
    one.introduce("gw-a");
  }

  @AfterAll
  void stop() {
    two.close();
    one.close();
  }

  @Test
  void consolesOfOneHubSeeWhatTheOtherTakesIn() throws Exception {
    try (EventStream console = new EventStream(two.admin())) {
      one.events("gw-a", alarm(UUID.randomUUID(), "dry-run"));
      String id = console.next("work-order", w -> w.has("alarmId")).get("alarmId").asText();
      console.next("alarm", a -> a.path("id").asText().equals(id));
      one.admin().post("/alarms/" + id + "/acknowledge", "{}");
      console.next("alarm", a -> a.path("state").asText().equals("active-acknowledged"));
      one.samples(
          "gw-a", List.of(Sample.good("pump-1", "flow", Instant.now(), new Value.Analog(3.25))));
      console.next("value", v -> v.path("value").asDouble() == 3.25);
      one.status("gw-a", true);
      console.next("gateway", g -> g.path("link").asText().equals("online"));
    }
  }

  @Test
  void framesThatReachBothAtOnceInAnyOrderAreStoredOnce() throws Exception {
    int records = 600;
    long epoch = 77;
    List<byte[]> frames = new ArrayList<>();
    Instant base = Instant.now().minusSeconds(7200).truncatedTo(ChronoUnit.MILLIS);
    Random random = new Random(11);
    for (int first = 1; first <= records; first += 3) {
      // Overlapping frames of differing length, each with the same records at the same places.
      int count = Math.min(3 + random.nextInt(10), records - first + 1);
      List<Sample> samples = new ArrayList<>();
      for (int seq = first; seq < first + count; seq++) {
        samples.add(Sample.good("twin", "t", base.plusMillis(seq), new Value.Analog(seq)));
      }
      FrameHeader header = new FrameHeader("gw-b", Lane.TELEMETRY, epoch, first, count, 1, 0);
      frames.add(FrameCodec.encode(new Frame.Telemetry(header, samples)));
    }
    race(hub -> send(hub, Topics.frames("gw-b", Lane.TELEMETRY), frames, 5));

    assertThat(one.count("SELECT last_seq FROM ingest_watermark WHERE epoch = 77"))
        .isEqualTo(records);
    assertThat(one.count(TWIN.formatted("count(*)"))).isEqualTo(records);
    assertThat(one.count(TWIN.formatted("count(DISTINCT value)"))).isEqualTo(records);
    assertThat(one.count("SELECT count(*) FROM sample_conflict")).isZero();
    assertThat(one.count("SELECT count(*) FROM quarantine")).isZero();
  }

  private static final String TWIN =
      """
      SELECT %s FROM telemetry t JOIN point p ON p.id = t.point_id JOIN device d ON d.id = p.device_id
       WHERE d.key = 'twin'""";

  @Test
  void eventsOfTwoQueuesOfOneGatewayAreAppliedOnceEachThoughBothHubsGetThem() throws Exception {
    // One gateway started twice: two queues tell of the same alarms at the same time.
    List<byte[]> frames = new ArrayList<>();
    for (long epoch = 1; epoch <= 2; epoch++) {
      for (int i = 1; i <= 40; i++) {
        FrameHeader header = new FrameHeader("gw-a", Lane.EVENTS, 900 + epoch, i, 1, 1, 0);
        frames.add(
            FrameCodec.encode(
                new Frame.Events(header, List.of(alarm(UUID.randomUUID(), "twin-" + i)))));
      }
    }
    race(hub -> send(hub, Topics.frames("gw-a", Lane.EVENTS), frames, 45));

    assertThat(one.count("SELECT count(*) FROM quarantine")).isZero();
    assertThat(one.count("SELECT count(*) FROM alarm WHERE key LIKE 'twin-%'")).isEqualTo(40);
    assertThat(one.count("SELECT count(*) FROM event_log WHERE epoch IN (901, 902)")).isEqualTo(80);
  }

  @Test
  void bothHubsLookForDueServicesAndReadingsYetEachIsDoneOnce() throws Exception {
    Instant at = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(60);
    one.samples(
        "gw-a",
        List.of(
            Sample.good(
                "meter-1",
                "energy-import",
                at.minusSeconds(5),
                new Value.Counter(new BigDecimal("5.5")))));

    race(
        hub -> {
          ApiClient admin = hub.admin();
          for (int i = 0; i < 5; i++) {
            admin.post("/cut-offs", "{\"site\":\"site-a\",\"at\":\"%s\"}".formatted(at));
          }
          return null;
        });

    assertThat(one.count("SELECT count(*) FROM reading WHERE value = 5.5")).isEqualTo(1);
    assertThat(one.count("SELECT count(*) FROM reading WHERE version > 1")).isZero();
    assertThat(one.count("SELECT max(id) - count(*) FROM reading")).as("no id is missing").isZero();
  }

  private interface Race {
    @org.jspecify.annotations.Nullable
    Object run(TestHub hub) throws Exception;
  }

  /** Does the same at both hubs at the same time. */
  private void race(Race race) throws Exception {
    ExecutorService runners = Executors.newFixedThreadPool(2);
    CountDownLatch ready = new CountDownLatch(2);
    try {
      List<Future<?>> runs = new ArrayList<>();
      for (TestHub hub : List.of(one, two)) {
        Callable<Object> run =
            () -> {
              ready.countDown();
              ready.await();
              Object done = race.run(hub);
              return done == null ? "done" : done;
            };
        runs.add(runners.submit(run));
      }
      for (Future<?> run : runs) {
        run.get(60, TimeUnit.SECONDS);
      }
    } finally {
      runners.shutdownNow();
    }
  }

  /** Sends all frames, some of them out of order, and again until none is answered with a hole. */
  private static @org.jspecify.annotations.Nullable Object send(
      TestHub hub, String topic, List<byte[]> frames, int shuffled) throws Exception {
    Random random = new Random(Thread.currentThread().getId());
    long end = System.nanoTime() + Duration.ofSeconds(50).toNanos();
    boolean holes = true;
    while (holes) {
      assertThat(System.nanoTime()).isLessThan(end);
      holes = false;
      List<byte[]> order = new ArrayList<>(frames);
      for (int i = 0; i < shuffled; i++) {
        java.util.Collections.swap(
            order, random.nextInt(order.size()), random.nextInt(order.size()));
      }
      for (byte[] frame : order) {
        holes |= hub.raw(topic, frame).outcome() == Outcome.HOLE;
      }
    }
    return null;
  }

  private static Event alarm(UUID occurrence, String key) {
    return new Event.AlarmChange(
        Instant.now(), true, occurrence, "pump-1", key, Event.Change.RAISED, null, null);
  }
}
