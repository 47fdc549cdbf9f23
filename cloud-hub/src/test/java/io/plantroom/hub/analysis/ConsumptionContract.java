package io.plantroom.hub.analysis;

import static io.plantroom.hub.analysis.MeteredSite.at;
import static io.plantroom.hub.analysis.MeteredSite.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.plantroom.hub.ApiClient;
import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import io.plantroom.telemetry.Sample;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Worked examples of consumption. A day of site-a begins at 16:00 UTC of the day before. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ConsumptionContract {
  private static final Instant MIDNIGHT = Instant.parse("2026-03-09T16:00:00Z");
  private static final String DAYS = "?by=equipment&from=2026-03-10&to=2026-03-11";

  /** A new, empty database. */
  abstract DatabaseConfig fresh();

  @TempDir static Path folder = Path.of(".");
  private MeteredSite site;

  @BeforeAll
  void start() throws Exception {
    site = new MeteredSite(folder, fresh(), Instant.parse("2026-11-20T00:00:00Z"));
    Map<String, String> meters = new LinkedHashMap<>();
    for (String meter : List.of("steady", "silent", "reset", "full", "dips", "late", "banded")) {
      meters.put(meter, "eastron-sdm630");
    }
    site.devices("gw-a", meters);
    site.devices("gw-b", Map.of("winter", "eastron-sdm630"));
    site.hub
        .database()
        .jdbi()
        .useHandle(
            h -> h.execute("UPDATE org_node SET time_zone = 'Europe/Berlin' WHERE id = 'site-b'"));
  }

  @AfterAll
  void stop() {
    site.close();
  }

  @Test
  void bucketsAddUpToTheWholeEvenWhenTheirBoundsLieBetweenSamples() throws Exception {
    // 0.7 kWh every 25 minutes, which meets no hour and leaves thirds.
    List<Sample> samples = new ArrayList<>();
    for (int i = -2; i < 130; i++) {
      samples.add(
          at(
              MIDNIGHT.plus(Duration.ofMinutes(25L * i + 7)),
              String.valueOf(1000 + 7L * i) + "e-1"));
    }
    send("steady", samples);

    JsonNode days = row(ask(DAYS), "steady");
    JsonNode hours = row(ask(DAYS + "&step=hour"), "steady");

    assertThat(days.at("/values/0/amount").asText()).isEqualTo("40.32");
    assertThat(days.at("/values/0/coverage").asDouble()).isEqualTo(1.0);
    assertThat(days.at("/values/0/estimatedShare").asDouble()).isZero();
    assertThat(hours.get("values")).hasSize(48);
    assertThat(hours.at("/values/0/amount").asText()).isEqualTo("1.68");
    assertThat(hours.at("/total/amount").asText()).isEqualTo("80.64");
    assertThat(days.at("/total/amount").asText()).isEqualTo("80.64");
  }

  @Test
  void whatWasUsedDuringASilenceIsSpreadOverItAndTold() throws Exception {
    // Silent from 22:00 to 03:00, while 10 kWh were used.
    send(
        "silent",
        List.of(
            at(hour(0), "80"),
            at(hour(22).minusSeconds(1800), "99"),
            at(hour(22), "100"),
            at(hour(27), "110"),
            at(hour(48), "130")));

    JsonNode days = row(ask(DAYS), "silent");

    assertThat(days.at("/values/0/amount").asText()).isEqualTo("24");
    assertThat(days.at("/values/1/amount").asText()).isEqualTo("26");
    assertThat(days.at("/values/0/estimatedShare").asDouble()).as("4 of 24").isEqualTo(0.167);
    assertThat(days.at("/values/1/estimatedShare").asDouble()).as("6 of 26").isEqualTo(0.231);
    JsonNode hours = row(ask(DAYS + "&step=hour"), "silent");
    assertThat(hours.at("/values/23/amount").asText()).isEqualTo("2");
    assertThat(hours.at("/values/23/estimatedShare").asDouble()).isEqualTo(1.0);
    JsonNode before = ask("?by=equipment&from=2026-03-08&to=2026-03-10");
    assertThat(row(before, "silent").at("/values/0/amount").isNull()).isTrue();
    assertThat(row(before, "silent").at("/values/0/coverage").asDouble()).isZero();
  }

  @Test
  void aResetInsideABucketIsFoundAlthoughTheRegisterEndsHigherAndNothingIsNegative()
      throws Exception {
    send(
        "reset",
        List.of(
            at(hour(0), "10"),
            at(hour(8), "15"),
            at(hour(8).plusSeconds(1800), "16"),
            at(hour(9).plusSeconds(1800), "0"),
            at(hour(12), "30"),
            at(hour(24), "40"),
            at(hour(30), "3"),
            at(hour(48), "5")));

    JsonNode days = row(ask(DAYS), "reset");

    assertThat(days.at("/values/0/amount").asText()).isEqualTo("46");
    assertThat(days.at("/values/0/resets").asInt()).isEqualTo(1);
    assertThat(days.at("/values/0/coverage").asDouble()).as("an hour of 24").isEqualTo(0.958);
    assertThat(days.at("/values/1/amount").asText()).as("none of the fall").isEqualTo("2");
    assertThat(days.at("/values/1/resets").asInt()).isEqualTo(1);
  }

  @Test
  void aMeterAtTheEndOfItsDigitsGoesOn() throws Exception {
    send(
        "full",
        List.of(
            at(hour(0), "999990.5"),
            at(hour(12), "999998"),
            at(hour(13), "2.5"),
            at(hour(24), "7.5"),
            at(hour(48), "8")));

    JsonNode days = row(ask(DAYS), "full");

    assertThat(days.at("/values/0/amount").asText()).isEqualTo("17");
    assertThat(days.at("/values/0/resets").asInt()).isZero();
    assertThat(days.at("/values/1/amount").asText()).isEqualTo("0.5");
  }

  @Test
  void valuesThatGoAwayAndComeBackWithinAnHourAreNotBelieved() throws Exception {
    Instant begin = hour(23).plusSeconds(1800);
    send(
        "dips",
        List.of(
            at(hour(0), "500"),
            at(begin, "501"),
            at(begin.plusSeconds(600), "0"),
            at(hour(24), "0"),
            at(begin.plusSeconds(2400), "502"),
            at(hour(30), "503"),
            at(hour(30).plusSeconds(60), "131071"),
            at(hour(30).plusSeconds(120), "131072"),
            at(hour(30).plusSeconds(180), "503.5"),
            at(hour(48), "504")));

    JsonNode days = row(ask(DAYS), "dips");

    assertThat(days.at("/values/0/amount").asText()).isEqualTo("1.75");
    assertThat(days.at("/values/1/amount").asText()).isEqualTo("2.25");
    assertThat(days.at("/total/resets").asInt()).isZero();
  }

  @Test
  void dataThatComesLateChangesWhatWasSaid() throws Exception {
    send("late", List.of(at(hour(0), "100"), at(hour(48), "148")));
    assertThat(row(ask(DAYS), "late").at("/values/0/amount").asText()).isEqualTo("24");
    assertThat(row(ask(DAYS), "late").at("/values/0/estimatedShare").asDouble()).isEqualTo(1.0);

    send("late", List.of(at(hour(24), "110"), at(hour(10), "5"), at(hour(9), "104")));

    JsonNode days = row(ask(DAYS), "late");
    assertThat(days.at("/values/0/amount").asText()).isEqualTo("109");
    assertThat(days.at("/values/0/resets").asInt()).isEqualTo(1);
    assertThat(days.at("/values/0/estimatedShare").asDouble()).isZero();
    assertThat(days.at("/values/1/amount").asText()).isEqualTo("38");
  }

  @Test
  void theDaysOnWhichClocksChangeHave25And23Hours() throws Exception {
    for (String change : List.of("2026-10-25", "2026-03-29")) {
      Instant day = Instant.parse(change + "T00:00:00Z");
      List<Sample> samples = new ArrayList<>();
      for (int h = -30; h < 60; h++) {
        samples.add(at(day.plus(Duration.ofHours(h)), String.valueOf(5000 + h)));
      }
      site.counter("gw-b", "winter", "energy-import", samples);
    }

    assertThat(winter("2026-10-25", "day").at("/values/0/amount").asText()).isEqualTo("25");
    assertThat(winter("2026-10-25", "hour").get("values")).hasSize(25);
    assertThat(winter("2026-10-25", "hour").get("values").findValuesAsText("amount"))
        .containsOnly("1");
    assertThat(winter("2026-10-24", "day").at("/values/0/amount").asText()).isEqualTo("24");
    assertThat(winter("2026-03-29", "day").at("/values/0/amount").asText()).isEqualTo("23");
    assertThat(winter("2026-03-29", "hour").get("values")).hasSize(23);
  }

  @Test
  void aTariffBandHasItsHoursFromItsFirstDayOn() throws Exception {
    List<Sample> samples = new ArrayList<>();
    for (int h = 0; h <= 48; h++) {
      // One an hour by night, ten by day.
      int used = h <= 24 ? used(h) : used(24) + used(h - 24);
      samples.add(at(hour(h), String.valueOf(used)));
    }
    send("banded", samples);
    String plan =
        """
        {"medium":"electricity","validFrom":"2026-03-11","otherwise":"flat","rules":[
          {"band":"peak","from":"08:00","to":"20:00","months":[3]},
          {"band":"sharp","from":"08:00","to":"20:00"},
          {"band":"valley","from":"22:00","to":"24:00"},
          {"band":"valley","from":"00:00","to":"06:00","days":["wednesday"]}]}""";
    assertThat(site.admin.post("/sites/site-a/tariffs", plan).status()).isEqualTo(200);
    assertThat(site.admin.post("/sites/site-a/tariffs", plan).json().at("/0/version").asInt())
        .isEqualTo(2);

    JsonNode answer = ask(DAYS + "&split=band");

    assertThat(banded(answer, "none")).containsExactly("132", "0");
    assertThat(banded(answer, "peak")).containsExactly("0", "120");
    assertThat(banded(answer, "valley")).containsExactly("0", "8");
    assertThat(banded(answer, "flat")).containsExactly("0", "4");
    assertThat(banded(answer, "sharp")).isEmpty();
    String wrong = plan.replace("\"08:00\",\"to\":\"20:00\"}", "\"22:00\",\"to\":\"06:00\"}");
    JsonNode refused = site.admin.post("/sites/site-a/tariffs", wrong).json();
    assertThat(refused.at("/error/message/en").asText()).contains("rules[1]", "midnight");
    assertThat(refused.at("/error/message/zh").asText()).contains("跨午夜");
  }

  private static int used(int hours) {
    return Math.min(hours, 8) + 10 * Math.max(0, Math.min(hours, 20) - 8) + Math.max(0, hours - 20);
  }

  private static List<String> banded(JsonNode answer, String band) {
    List<String> amounts = new ArrayList<>();
    for (JsonNode row : answer.get("rows")) {
      if (row.at("/name/en").asText().equals("banded") && row.path("band").asText().equals(band)) {
        row.get("values")
            .forEach(v -> amounts.add(v.get("amount").asText("0").replace("null", "0")));
      }
    }
    return amounts;
  }

  private JsonNode winter(String day, String step) throws Exception {
    String path = "/sites/site-b/consumption?by=equipment&step=%s&from=%s&to=%s";
    return row(site.admin.get(path.formatted(step, day, day)).json(), "winter");
  }

  private JsonNode ask(String query) throws Exception {
    ApiClient.Answer answer = site.admin.get("/sites/site-a/consumption" + query);
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    return answer.json();
  }

  private void send(String device, List<Sample> samples) throws Exception {
    site.counter("gw-a", device, "energy-import", samples);
  }

  private static Instant hour(int hour) {
    return MIDNIGHT.plus(Duration.ofHours(hour));
  }
}
