package io.plantroom.edge.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.plantroom.edge.uplink.OddBroker.Answer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A broker whose rules are not there yet: it refuses the receipts at first. */
class RefusedSubscriptionTest {
  private static final byte NOT_AUTHORIZED = (byte) 0x87;

  private final AtomicInteger asked = new AtomicInteger();

  private Answer answer(int type, byte[] body) {
    return switch (type) {
      case OddBroker.CONNECT -> Answer.CONNACK;
      case OddBroker.SUBSCRIBE ->
          Answer.suback(body, asked.incrementAndGet() == 1 ? NOT_AUTHORIZED : OddBroker.GRANTED);
      default -> Answer.NOTHING;
    };
  }

  @Test
  void receiptsThatWereRefusedAreAskedForAgainOnTheSameConnection() throws Exception {
    try (OddBroker broker = new OddBroker(this::answer)) {
      await().atMost(Duration.ofSeconds(20)).until(() -> asked.get() == 1);
      assertThat(broker.connected()).as("deaf is not connected").isZero();
      await().atMost(Duration.ofSeconds(60)).until(() -> broker.connected() == 1);
      assertThat(asked.get()).isEqualTo(2);
    }
  }
}
