package io.plantroom.bench.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatenciesTest {
  private final Latencies latencies = new Latencies();

  @Test
  void aPercentileIsWhatSoManyDidNotExceed() {
    LongStream.rangeClosed(1, 200).forEach(latencies::add);
    assertThat(latencies.count()).isEqualTo(200);
    assertThat(latencies.percentile(50)).isEqualTo(100);
    assertThat(latencies.percentile(99)).isEqualTo(198);
    assertThat(latencies).hasToString("p50 100 ms, p99 198 ms");
  }

  @Test
  void whatTookTooLongCountsAsTheLongest() {
    latencies.add(-3);
    latencies.add(10_000_000);
    assertThat(latencies.percentile(1)).isZero();
    assertThat(latencies.percentile(99)).isEqualTo(120_000);
  }
}
