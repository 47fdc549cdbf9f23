package io.plantroom.simulator.play;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.plantroom.profile.Profile;
import io.plantroom.profile.ProfileLoader;
import io.plantroom.profile.Quantity;
import io.plantroom.simulator.TestSite;
import io.plantroom.yaml.YamlException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PlaybackTest {
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final long DAY = 24 * HOUR;

  private final Profile meter = TestSite.profile("test-meter");
  private final Playback play = new Playback(meter, 1, "meter-1");

  @Test
  void twoOfTheSameSeedAndKeyShowTheSameForEver() {
    Playback again = new Playback(meter, 1, "meter-1");
    // Asked in the other direction, as after a restart: the answer must not depend on the order.
    for (long t = 3 * DAY; t >= 0; t -= 1_234_567) {
      for (String point : new String[] {"voltage", "power", "energy", "hours", "starts"}) {
        assertThat(show(again, point, t)).as("%s at %s", point, t).isEqualTo(show(play, point, t));
      }
    }
  }

  @Test
  void anotherSeedOrAnotherKeyShowsSomethingElse() {
    Quantity here = show(play, "energy", DAY);
    assertThat(show(new Playback(meter, 2, "meter-1"), "energy", DAY)).isNotEqualTo(here);
    assertThat(show(new Playback(meter, 1, "meter-2"), "energy", DAY)).isNotEqualTo(here);
  }

  @Test
  void aWaveStaysWithinItsSwingAndItsNoise() {
    for (long t = 0; t < DAY; t += 7_000) {
      assertThat(number(play, "voltage", t)).isCloseTo(230, within(4 * 1.3 + 0.01));
    }
  }

  @Test
  void outsideOfItsWhilstASignalShowsItsOtherwise() {
    int off = 0;
    for (long t = 0; t < DAY; t += 60_000) {
      if (number(play, "running", t) == 0) {
        off++;
        assertThat(number(play, "power", t)).isEqualTo(25);
      } else {
        assertThat(number(play, "power", t)).isGreaterThan(2000);
      }
    }
    assertThat(off).isCloseTo(480, within(11));
  }

  @Test
  void countersGrowAllDayAndNeverGoBack() {
    BigDecimal before = counter(play, "energy", 0);
    assertThat(before).isEqualByComparingTo("1234.56");
    for (long t = 0; t <= DAY; t += 5_000) {
      BigDecimal now = counter(play, "energy", t);
      assertThat(now).isGreaterThanOrEqualTo(before);
      before = now;
    }
    assertThat(before.subtract(new BigDecimal("1234.56")).doubleValue()).isBetween(40.0, 90.0);
  }

  @Test
  void aCounterIsTheExactSumOnTheGridCutToItsResolution() throws YamlException, Exception {
    String text = Files.readString(TestSite.resource("profiles/test-meter.yaml"));
    Profile constant =
        ProfileLoader.parse(
            "constant",
            text.replaceAll("(?m)^    power: .*$", "    power: { constant: 1234.567 }"));
    Playback steady = new Playback(constant, 1, "meter-1");
    // 1.234567 kWh an hour from 1234.56; of 1240.732835 after five hours the register has 2 digits.
    assertThat(counter(steady, "energy", 5 * HOUR)).isEqualTo(new BigDecimal("1240.73"));
    assertThat(counter(steady, "energy", 30 * DAY)).isEqualTo(new BigDecimal("2123.44"));
  }

  @Test
  void hoursAndStartsFollowTheCycleTheyWatch() {
    assertThat(counter(play, "hours", 3 * DAY)).isBetween(bd("147"), bd("149"));
    assertThat(counter(play, "starts", 3 * DAY)).isEqualByComparingTo(bd(String.valueOf(7 + 144)));
  }

  @Test
  void aFaultForcesItsPointsAndThoseThatDependOnThem() {
    Map<String, BigDecimal> trip =
        Objects.requireNonNull(meter.simulation().faults().get("trip")).set();
    long t = 0;
    while (number(play, "running", t) == 0) {
      t += 60_000;
    }
    assertThat(play.show(meter.point("tripped").orElseThrow(), t, trip, Map.of()))
        .contains(new Quantity.State(1));
    assertThat(play.show(meter.point("power").orElseThrow(), t, trip, Map.of()))
        .contains(new Quantity.Analog(25));
  }

  @Test
  void aRegisterOfSixDigitsBeginsAgainAtZero() {
    Counter energy = play.counters().get("energy");
    assertThat(energy).isNotNull();
    assertThat(energy.shown(new BigDecimal("1000000.25"))).isEqualByComparingTo("0.25");
    assertThat(energy.shown(new BigDecimal("-1.00"))).isEqualByComparingTo("999999.00");
    Counter hours = play.counters().get("hours");
    assertThat(hours).isNotNull();
    assertThat(hours.shown(new BigDecimal("65536"))).isEqualByComparingTo("0");
  }

  @Test
  void signalsThatGoRoundInACircleAreRefused() throws Exception {
    String text = Files.readString(TestSite.resource("profiles/test-meter.yaml"));
    Profile circle =
        ProfileLoader.parse(
            "circle",
            text.replaceAll(
                "(?m)^    running: .*$",
                "    running: { constant: 1, whilst: { point: power, above: 1 } }"));
    assertThatThrownBy(() -> new Playback(circle, 1, "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("test-meter")
        .hasMessageContaining("refers to itself");
  }

  @Test
  void aMonthOfEightyCountersIsAddedUpWithinSeconds() {
    long begin = System.nanoTime();
    for (int device = 0; device < 27; device++) {
      Playback one = new Playback(meter, 1, "meter-" + device);
      one.counters().values().forEach(c -> c.at(30 * DAY));
    }
    // About a second on one core; the limit leaves room for a machine that is busy.
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
  }

  private Quantity show(Playback of, String point, long millis) {
    return of.show(meter.point(point).orElseThrow(), millis, Map.of(), Map.of()).orElseThrow();
  }

  private double number(Playback of, String point, long millis) {
    Quantity q = show(of, point, millis);
    return q instanceof Quantity.State state ? state.code() : ((Quantity.Analog) q).value();
  }

  private BigDecimal counter(Playback of, String point, long millis) {
    return ((Quantity.Counter) show(of, point, millis)).value();
  }

  private static BigDecimal bd(String text) {
    return new BigDecimal(text);
  }
}
