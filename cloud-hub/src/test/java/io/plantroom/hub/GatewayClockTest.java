package io.plantroom.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayClockTest {
  @TempDir Path folder = Path.of(".");

  @Test
  void aGatewayThatDoesNotLearnTheTimeIsAnAlarmUntilItDoes() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    try (TestHub hub = new TestHub(folder, TestDatabase.fresh(), now::get)) {
      hub.status("gw-a", true, false);
      now.updateAndGet(t -> t.plus(Duration.ofMinutes(1)));
      hub.status("gw-a", true, false);
      assertThat(alarms(hub, "true")).as("a start takes a while").isZero();

      now.updateAndGet(t -> t.plus(Duration.ofMinutes(2)));
      hub.status("gw-a", true, false);
      hub.status("gw-a", true, false);
      assertThat(alarms(hub, "cleared_at IS NULL")).isEqualTo(1);

      now.updateAndGet(t -> t.plus(Duration.ofSeconds(5)));
      hub.status("gw-a", true, true);
      assertThat(alarms(hub, "cleared_at IS NULL")).isZero();
      assertThat(alarms(hub, "occurrences = 1")).isEqualTo(1);
    }
  }

  private static long alarms(TestHub hub, String condition) {
    return hub.count("SELECT count(*) FROM alarm WHERE key = 'gateway-clock' AND " + condition);
  }
}
