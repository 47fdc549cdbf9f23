package io.plantroom.edge.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.plantroom.edge.uplink.OddBroker.Answer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A broker that takes everything and acknowledges nothing. */
@Tag("faults")
class SilentBrokerTest {
  private final AtomicInteger published = new AtomicInteger();

  private Answer answer(int type, byte[] body) {
    if (type == OddBroker.PUBLISH) {
      published.incrementAndGet();
    }
    return switch (type) {
      case OddBroker.CONNECT -> Answer.CONNACK;
      case OddBroker.SUBSCRIBE -> Answer.suback(body, OddBroker.GRANTED);
      default -> Answer.NOTHING;
    };
  }

  @Test
  void theClientNeverKeepsMoreThanTwoWindows() throws Exception {
    try (OddBroker broker = new OddBroker(this::answer)) {
      await().until(() -> broker.connected() == 1);
      for (int i = 0; i < 1000; i++) {
        broker.transport().publish("plantroom/v1/gw-1/up/telemetry", new byte[100]);
      }
      await().until(() -> published.get() >= 48);
      await()
          .during(Duration.ofMillis(500))
          .atMost(Duration.ofSeconds(5))
          .untilAsserted(() -> assertThat(published.get()).isLessThanOrEqualTo(2 * 3 * 8 + 16));
    }
  }
}
