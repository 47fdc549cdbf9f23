package io.plantroom.edge.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.plantroom.edge.TestDevices;
import io.plantroom.telemetry.Cause;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportFilterTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private final ReportFilter filter =
      new ReportFilter(TestDevices.profile("test-meter").points(), Duration.ofMinutes(5));

  private boolean tells(Sample sample) {
    return !filter.worthTelling(List.of(sample)).isEmpty();
  }

  private static Sample voltage(int second, double value) {
    return Sample.good("m", "voltage", NOON.plusSeconds(second), new Value.Analog(value));
  }

  @Test
  void anAnalogValueIsToldWhenItMovedByItsDeadbandFromWhatWasTold() {
    assertThat(tells(voltage(0, 230))).isTrue();
    assertThat(tells(voltage(1, 231.9))).isFalse();
    assertThat(tells(voltage(2, 228.1))).isFalse();
    assertThat(tells(voltage(3, 232))).isTrue();
    assertThat(tells(voltage(4, 230.1))).isFalse();
  }

  @Test
  void aCreepingValueIsToldInTheEnd() {
    int tells = 0;
    for (int i = 0; i <= 100; i++) {
      tells += tells(voltage(i, 230 + i * 0.1)) ? 1 : 0;
    }
    assertThat(tells).isEqualTo(6);
  }

  @Test
  void silenceEndsWithTheHeartbeatAlsoWhenTheClockIsSetBack() {
    assertThat(tells(voltage(0, 230))).isTrue();
    assertThat(tells(voltage(299, 230))).isFalse();
    assertThat(tells(voltage(300, 230))).isTrue();
    assertThat(tells(voltage(-1000, 230))).isTrue();
  }

  @Test
  void aChangeOfQualityOrCauseIsTold() {
    assertThat(tells(voltage(0, 230))).isTrue();
    assertThat(tells(Sample.bad("m", "voltage", NOON, Cause.TIMEOUT))).isTrue();
    assertThat(tells(Sample.bad("m", "voltage", NOON, Cause.TIMEOUT))).isFalse();
    assertThat(tells(Sample.bad("m", "voltage", NOON, Cause.DEVICE_EXCEPTION))).isTrue();
    assertThat(tells(voltage(1, 230))).isTrue();
  }

  @Test
  void whatCouldNotBeDeliveredIsToldAgain() {
    Sample sample = voltage(0, 230);
    assertThat(tells(sample)).isTrue();
    filter.forget(List.of(sample));
    assertThat(tells(voltage(1, 230))).isTrue();
  }

  @Test
  void aCounterIsToldAtEachReadButTheSameWordOnlyOnce() {
    Sample first = energy(0, "1.0");
    assertThat(tells(first)).isTrue();
    assertThat(tells(first)).isFalse();
    assertThat(tells(energy(1, "1.0"))).isTrue();
    assertThat(tells(energy(1, "1.1"))).isTrue();
  }

  private static Sample energy(int second, String value) {
    return Sample.good(
        "m", "energy", NOON.plusSeconds(second), new Value.Counter(new BigDecimal(value)));
  }
}
