package io.plantroom.hub.analysis;

import static io.plantroom.hub.analysis.MeteredSite.at;
import static io.plantroom.hub.analysis.MeteredSite.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.plantroom.hub.ApiClient;
import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Five days of water meters, litres by the half hour, and a pump. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WaterAndPumpsContract {
  /** Midnight of 10 March 2026 at the site. */
  private static final Instant MIDNIGHT = Instant.parse("2026-03-09T16:00:00Z");

  private static final int DAYS = 5;
  private static final String SPAN = "from=2026-03-10&to=2026-03-14";

  /** A new, empty database. */
  abstract DatabaseConfig fresh();

  @TempDir static Path folder = Path.of(".");
  private MeteredSite site;
  private Map<String, String> points = new HashMap<>();

  @BeforeAll
  void start() throws Exception {
    site = new MeteredSite(folder, fresh(), MIDNIGHT.plus(Duration.ofDays(DAYS)));
    site.devices(
        "gw-a",
        Map.of(
            "quiet", "lwm2m-water-meter",
            "leaking", "lwm2m-water-meter",
            "recent", "lwm2m-water-meter",
            "deaf", "lwm2m-water-meter",
            "pump", "grundfos-cim-pump"));
    // By half hours of the day: nobody draws water between 01:00 and 06:00.
    water("quiet", i -> i % 48 < 2 || i % 48 >= 12 ? 50 : 0, i -> true);
    water("leaking", i -> i % 48 < 2 || i % 48 >= 12 ? 60 : 10 + i % 2, i -> true);
    // A tap left open for the last thirty hours.
    water("recent", i -> i >= 48 * DAYS - 60 ? 30 : i % 48 < 12 ? 0 : 50, i -> true);
    // The same, but not heard of for most of it.
    water(
        "deaf",
        i -> i >= 48 * DAYS - 60 ? 30 : i % 48 < 12 ? 0 : 50,
        i -> i < 48 * DAYS - 50 || i > 48 * DAYS - 10);
    JsonNode pump = find("pump");
    pump.get("points").forEach(p -> points.put(p.get("name").asText(), p.get("id").asText()));
  }

  @AfterAll
  void stop() {
    site.close();
  }

  @Test
  void waterThatRunsInEveryNightOrWithoutAPauseIsASign() throws Exception {
    JsonNode answer = ask("/water-flow?" + SPAN);

    JsonNode quiet = row(answer, "quiet");
    assertThat(quiet.get("leastNight").asText()).isEqualTo("0");
    assertThat(quiet.get("signs")).isEmpty();
    assertThat(quiet.at("/nights/0/volume").asText()).isEqualTo("0");
    JsonNode leaking = row(answer, "leaking");
    assertThat(leaking.get("leastNight").asText()).as("10 + 11 litres").isEqualTo("0.021");
    assertThat(leaking.at("/nights/0/volume").asText()).as("3 hours of it").isEqualTo("0.063");
    assertThat(leaking.get("nightShare").asDouble()).isBetween(0.2, 0.25);
    assertThat(leaking.get("runningHours").asInt()).isEqualTo(24 * DAYS);
    assertThat(leaking.get("signs").toString()).contains("continuous-flow", "night-flow");
    JsonNode recent = row(answer, "recent");
    assertThat(recent.get("signs").toString()).isEqualTo("[\"continuous-flow\"]");
    assertThat(recent.get("runningHours").asInt()).as("since 06:00, by day in use").isEqualTo(42);
    assertThat(recent.get("runningSince").asText()).isEqualTo("2026-03-12T22:00:00Z");
  }

  @Test
  void hoursThatWereNotMeasuredNeitherRaiseNorClearASuspicion() throws Exception {
    JsonNode deaf = row(ask("/water-flow?" + SPAN), "deaf");

    assertThat(deaf.get("runningHours").asInt()).isBetween(20, 23);
    assertThat(deaf.get("signs")).isEmpty();
    JsonNode strict = row(ask("/water-flow?hours=20&" + SPAN), "deaf");
    assertThat(strict.get("signs").toString()).contains("continuous-flow");
    assertThat(deaf.at("/nights/4/least").isNull()).isTrue();
    assertThat(site.admin.get("/sites/site-a/water-flow?start=05:00&end=02:00").status())
        .isEqualTo(400);
  }

  @Test
  void aPumpTellsWhatItNeedsForACubicMetreAndForHowLongItRan() throws Exception {
    List<Sample> energy = new ArrayList<>();
    List<Sample> volume = new ArrayList<>();
    // Before: 0.5 kWh for a cubic metre. From midnight on: 0.6.
    for (int h = -24 * 20; h <= 24; h++) {
      Instant at = MIDNIGHT.plus(Duration.ofHours(h));
      volume.add(at(at, String.valueOf(10_000 + 10 * h)));
      energy.add(
          at(at, new BigDecimal(h < 0 ? 5 * h : 6 * h).add(new BigDecimal(4000)).toString()));
    }
    site.counter("gw-a", "pump", "volume", volume);
    site.counter("gw-a", "pump", "energy", energy);
    List<Sample> states = new ArrayList<>();
    for (int i = 0; i < 288; i++) {
      // Runs for 6 hours, then 12 not, then 6 not known.
      if (i < 216) {
        Instant at = MIDNIGHT.plus(Duration.ofMinutes(5L * i));
        states.add(Sample.good("pump", "running", at, new Value.State(i < 72 ? 1 : 0)));
      }
    }
    site.hub.samples("gw-a", states);
    String settings =
        """
        {"pumpGroups":[{"key":"booster","name":{"zh":"生活泵组","en":"Booster"},"energy":["%s"],
         "volume":["%s"],"running":[{"pointId":"%s","codes":[1]}],"ratedKw":12}]}""";
    String good =
        settings.formatted(points.get("energy"), points.get("volume"), points.get("running"));
    ApiClient.Answer put = site.admin.send("PUT", "/sites/site-a/analysis", good);
    assertThat(put.status()).as(put.response().body()).isEqualTo(200);

    JsonNode pump = row(ask("/pumps?from=2026-03-10&to=2026-03-10"), "Booster");

    assertThat(pump.at("/total/energy/amount").asText()).isEqualTo("144");
    assertThat(pump.at("/total/volume/amount").asText()).isEqualTo("240");
    assertThat(pump.at("/total/specific").asText()).isEqualTo("0.6");
    assertThat(pump.get("specificBefore").asText()).isEqualTo("0.5");
    assertThat(pump.get("percent").asText()).isEqualTo("20.0");
    assertThat(pump.get("drifted").asBoolean()).isTrue();
    assertThat(pump.at("/total/load").asText()).as("6 of 12 kW").isEqualTo("0.5");
    assertThat(pump.at("/total/runningHours").asDouble()).isEqualTo(6.0);
    assertThat(pump.at("/total/runningShare").asDouble()).as("of 18 hours").isEqualTo(0.333);
    JsonNode hours = row(ask("/pumps?step=hour&from=2026-03-10&to=2026-03-10"), "Booster");
    assertThat(hours.at("/values/5/runningShare").asDouble()).isEqualTo(1.0);
    assertThat(hours.at("/values/6/runningShare").asDouble()).isZero();
    assertThat(hours.at("/values/20/runningShare").isNull()).isTrue();

    String swapped =
        settings.formatted(points.get("volume"), points.get("energy"), points.get("running"));
    ApiClient.Answer refused = site.admin.send("PUT", "/sites/site-a/analysis", swapped);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.response().body()).contains("no counter in kWh", "以 kWh 计的累计量");
  }

  /** Litres in each half hour, sent where it is heard. */
  private void water(String meter, IntUnaryOperator litres, IntPredicate heard) throws Exception {
    List<Sample> samples = new ArrayList<>();
    int total = 0;
    for (int i = 0; i <= 48 * DAYS; i++) {
      if (heard.test(i)) {
        samples.add(at(MIDNIGHT.plus(Duration.ofMinutes(30L * i)), total + "e-3"));
      }
      total += litres.applyAsInt(i);
    }
    site.counter("gw-a", meter, "volume", samples);
  }

  private JsonNode find(String device) throws Exception {
    for (JsonNode e : site.admin.get("/equipment").json()) {
      if (e.get("device").asText().equals(device)) {
        return site.admin.get("/equipment/" + e.get("id").asText()).json();
      }
    }
    throw new AssertionError("no " + device);
  }

  private JsonNode ask(String path) throws Exception {
    ApiClient.Answer answer = site.admin.get("/sites/site-a" + path);
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    return answer.json();
  }
}
