package io.plantroom.edge.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReconnectionTest {
  private long nanos = 1;
  private final Reconnection reconnection = new Reconnection(new Random(7), () -> nanos);

  private Duration longestOf(int attempts, boolean takenOver) {
    Duration longest = Duration.ZERO;
    for (int i = 0; i < 200; i++) {
      Duration d = new Reconnection(new Random(i), () -> nanos).next(attempts, takenOver);
      longest = d.compareTo(longest) > 0 ? d : longest;
    }
    return longest;
  }

  @Test
  void thePauseGrowsFromAQuarterOfASecondToItsLimit() {
    assertThat(longestOf(0, false)).isBetween(Duration.ofMillis(200), Duration.ofMillis(250));
    assertThat(longestOf(3, false)).isBetween(Duration.ofMillis(1800), Duration.ofSeconds(2));
    assertThat(longestOf(1000, false)).isBetween(Duration.ofSeconds(19), Reconnection.LONGEST);
  }

  @Test
  void tenThousandGatewaysDoNotComeBackInTheSameSecond() {
    int[] bySecond = new int[21];
    for (int i = 0; i < 10_000; i++) {
      bySecond[(int) reconnection.next(10, false).toSeconds()]++;
    }
    assertThat(IntStream.of(bySecond).max().getAsInt()).isLessThan(700);
  }

  @Test
  void beingPutOutByOurOwnIdentityMakesItSlowerEachTimeThoughEachConnectionSucceeds() {
    assertThat(reconnection.contested()).isFalse();
    Duration total = Duration.ZERO;
    for (int i = 0; i < 20; i++) {
      total = total.plus(reconnection.next(0, true));
    }
    assertThat(reconnection.contested()).isTrue();
    assertThat(total).as("20 takeovers").isGreaterThan(Duration.ofMinutes(15));
  }

  @Test
  void afterAQuarterOfAnHourInPeaceItIsForgotten() {
    reconnection.next(0, true);
    reconnection.next(0, true);
    nanos += Reconnection.PEACE.toNanos() + 1;
    assertThat(reconnection.contested()).isFalse();
    assertThat(reconnection.next(0, false)).isLessThanOrEqualTo(Duration.ofMillis(250));
  }
}
