package io.plantroom.edge.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.plantroom.edge.uplink.OddBroker.Answer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A broker that puts each client out at once, as it does when two have one identity. */
@Tag("faults")
class TakeoverTest {
  private static final byte[] TAKEN_OVER = {(byte) 0xe0, 2, (byte) 0x8e, 0};

  private final AtomicInteger connections = new AtomicInteger();

  private Answer answer(int type, byte[] body) {
    connections.incrementAndGet();
    return Answer.CONNACK.andLast(TAKEN_OVER);
  }

  @Test
  void aSecondAgentWithOurIdentityCausesNoStormAndIsSaid() throws Exception {
    try (OddBroker broker = new OddBroker(this::answer)) {
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () ->
                  assertThat(broker.transport().warning())
                      .isEqualTo(
                          "another client uses the identity of gateway 'gw-1' at the broker"));
      int before = connections.get();
      await().during(Duration.ofSeconds(4)).atMost(Duration.ofSeconds(6)).until(() -> true);
      assertThat(connections.get() - before).as("tries in four seconds").isLessThan(8);
    }
  }
}
