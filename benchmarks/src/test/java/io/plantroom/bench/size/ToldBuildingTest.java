package io.plantroom.bench.size;

import static org.assertj.core.api.Assertions.assertThat;

import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ToldBuildingTest {
  private static final Instant MIDNIGHT = Instant.parse("2026-11-01T00:00:00Z");
  private static final Duration SPAN = Duration.ofMinutes(12);

  private static Map<String, List<Sample>> told() {
    Map<String, List<Sample>> told = new HashMap<>();
    new ToldBuilding()
        .tell(
            MIDNIGHT,
            SPAN,
            samples ->
                samples.forEach(
                    s ->
                        told.computeIfAbsent(s.device() + " " + s.point(), p -> new ArrayList<>())
                            .add(s)));
    return told;
  }

  @Test
  void everyPointIsToldAndItsSamplesAreInOrder() {
    Map<String, List<Sample>> told = told();
    assertThat(told).hasSizeGreaterThan(500);
    assertThat(told)
        .allSatisfy(
            (point, samples) -> {
              Instant before = MIDNIGHT;
              for (Sample s : samples) {
                assertThat(s.at()).isBetween(before, MIDNIGHT.plus(SPAN));
                before = s.at();
              }
            });
  }

  @Test
  void registersNeverFallAndMeasuredValuesAreNotAllTheSame() {
    long moving = 0;
    for (List<Sample> samples : told().values()) {
      BigDecimal register = BigDecimal.ZERO;
      for (Sample s : samples) {
        if (s.value() instanceof Value.Counter c) {
          assertThat(c.value()).isGreaterThanOrEqualTo(register);
          register = c.value();
        }
      }
      moving += samples.stream().map(Sample::value).distinct().count() > 3 ? 1 : 0;
    }
    assertThat(moving).isGreaterThan(100);
  }
}
