package io.plantroom.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import io.plantroom.hub.ingest.Delivery;
import io.plantroom.telemetry.Lane;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import io.plantroom.wire.Frame;
import io.plantroom.wire.FrameCodec;
import io.plantroom.wire.FrameHeader;
import io.plantroom.wire.Topics;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("faults")
class BackPressureTest {
  private static final int FRAMES = 6_000;

  /** The queue, what is decoded ahead, and the batch that waits for the database. */
  private static final int MOST_HELD = 2_048 + 1_024 + 1_024 + 2;

  /** The same in MiB. */
  private static final int MOST_MEGABYTES = 16 + 32 + 32 + 3;

  @TempDir Path folder = Path.of(".");

  @Test
  void aSlowDatabaseHoldsTheBrokerBackAndNothingIsLost() throws Exception {
    DatabaseConfig database = TestDatabase.fresh();
    AtomicInteger accepted = new AtomicInteger();
    AtomicInteger settled = new AtomicInteger();
    try (TestHub hub = new TestHub(folder, database, InstantSource.system())) {
      CompletableFuture<Void> broker;
      try (Connection slow = DriverManager.getConnection(database.url());
          Statement lock = slow.createStatement()) {
        slow.setAutoCommit(false);
        lock.execute("LOCK TABLE ingest_watermark IN ACCESS EXCLUSIVE MODE");
        broker = CompletableFuture.runAsync(() -> deliver(hub, accepted, settled));
        await().until(() -> accepted.get() >= 2_048);
        staysAtMost(MOST_HELD, accepted);
        assertThat(settled).as("nothing is acknowledged before its commit").hasValue(0);
        slow.rollback();
      }

      broker.get(30, TimeUnit.SECONDS);
      await().atMost(Duration.ofSeconds(30)).until(() -> settled.get() == FRAMES);
      assertThat(hub.count("SELECT count(*) FROM telemetry")).isEqualTo(FRAMES);
      hub.everySampleIsAccountedFor();
    }
  }

  @Test
  void largeMessagesAreHeldBackByTheirBytes() throws Exception {
    DatabaseConfig database = TestDatabase.fresh();
    AtomicInteger accepted = new AtomicInteger();
    AtomicInteger settled = new AtomicInteger();
    byte[] megabyte = new byte[1 << 20];
    int messages = 2 * MOST_MEGABYTES;
    try (TestHub hub = new TestHub(folder, database, InstantSource.system())) {
      CompletableFuture<Void> broker;
      try (Connection slow = DriverManager.getConnection(database.url());
          Statement lock = slow.createStatement()) {
        slow.setAutoCommit(false);
        lock.execute("LOCK TABLE quarantine IN ACCESS EXCLUSIVE MODE");
        broker =
            CompletableFuture.runAsync(
                () -> {
                  for (int i = 0; i < messages; i++) {
                    accept(hub, megabyte, settled);
                    accepted.incrementAndGet();
                  }
                });
        await().until(() -> accepted.get() >= 16 + 32);
        staysAtMost(MOST_MEGABYTES, accepted);
        slow.rollback();
      }

      broker.get(30, TimeUnit.SECONDS);
      await().atMost(Duration.ofSeconds(30)).until(() -> settled.get() == messages);
      assertThat(hub.count("SELECT sum(seen) FROM quarantine")).isEqualTo(messages);
    }
  }

  private static void staysAtMost(int most, AtomicInteger accepted) {
    await()
        .during(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(3))
        .until(() -> accepted.get() <= most);
  }

  private static void deliver(TestHub hub, AtomicInteger accepted, AtomicInteger settled) {
    Instant base = Instant.now().minusSeconds(60);
    for (int i = 1; i <= FRAMES; i++) {
      FrameHeader header = new FrameHeader("gw-a", Lane.TELEMETRY, 1, i, 1, 1, 0);
      Sample sample = Sample.good("d", "t", base.plusMillis(i), new Value.Analog(i));
      accept(hub, FrameCodec.encode(new Frame.Telemetry(header, List.of(sample))), settled);
      accepted.incrementAndGet();
    }
  }

  private static void accept(TestHub hub, byte[] payload, AtomicInteger settled) {
    try {
      String topic = Topics.frames("gw-a", Lane.TELEMETRY);
      hub.hub().ingest().accept(new Delivery(topic, payload, settled::incrementAndGet));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
