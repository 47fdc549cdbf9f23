package io.plantroom.hub.analysis;

import static io.plantroom.hub.analysis.MeteredSite.at;
import static io.plantroom.hub.analysis.MeteredSite.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.plantroom.hub.ApiClient;
import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import io.plantroom.telemetry.Sample;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** 10 kWh a day, 20 on Mondays and in the year before; a sub-meter behind it takes half. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ComparisonContract {
  private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

  /** A new, empty database. */
  abstract DatabaseConfig fresh();

  @TempDir static Path folder = Path.of(".");
  private MeteredSite site;
  private String part = "";

  @BeforeAll
  void start() throws Exception {
    site = new MeteredSite(folder, fresh(), Instant.parse("2026-11-20T00:00:00Z"));
    site.devices("gw-a", Map.of("main", "acrel-dtsd1352", "part", "eastron-sdm630"));
    List<Sample> main = new ArrayList<>();
    List<Sample> part = new ArrayList<>();
    int total = 0;
    for (LocalDate day = LocalDate.of(2025, 8, 1);
        day.isBefore(LocalDate.of(2026, 11, 3));
        day = day.plusDays(1)) {
      Instant midnight = day.atStartOfDay(ZONE).toInstant();
      main.add(at(midnight, String.valueOf(total)));
      part.add(at(midnight, String.valueOf(total / 2)));
      total += day.getYear() == 2025 || day.getDayOfWeek().getValue() == 1 ? 20 : 10;
    }
    site.counter("gw-a", "main", "energy-import", main);
    site.counter("gw-a", "main", "energy-t1", main);
    site.counter("gw-a", "main", "energy-export", main);
    site.counter("gw-a", "part", "energy-import", part);
    for (JsonNode e : site.admin.get("/equipment").json()) {
      this.part = e.get("device").asText().equals("part") ? e.get("id").asText() : this.part;
    }
  }

  @AfterAll
  void stop() {
    site.close();
  }

  @Test
  void daysStandBesideTheSameWeekdaysTheMonthAndTheYearBefore() throws Exception {
    JsonNode answer = ask("/consumption/comparison?by=equipment&from=2026-10-01&to=2026-10-31");

    JsonNode main = row(answer, "main");
    assertThat(main.at("/total/amount").asText()).as("31 days, 4 Mondays").isEqualTo("350");
    assertThat(main.at("/month/amount").asText()).as("September, 4 Mondays").isEqualTo("340");
    assertThat(main.at("/month/days").asInt()).isEqualTo(30);
    assertThat(main.at("/month/percent").asText()).isEqualTo("2.9");
    assertThat(main.at("/year/amount").asText()).isEqualTo("620");
    assertThat(main.at("/year/percent").asText()).isEqualTo("-43.5");
    assertThat(main.at("/weekdays/percent").asText()).isEqualTo("0.0");
    JsonNode monday = main.at("/days/4");
    assertThat(monday.get("day").asText()).isEqualTo("2026-10-05");
    assertThat(monday.at("/use/amount").asText()).isEqualTo("20");
    assertThat(monday.at("/weekdays/amount").asText()).isEqualTo("20");
    assertThat(monday.at("/weekdays/days").asInt()).isEqualTo(4);
    assertThat(monday.at("/month/amount").asText()).as("a Saturday").isEqualTo("10");
    assertThat(monday.at("/month/percent").asText()).isEqualTo("100.0");
  }

  @Test
  void whatIsNotKnownComparesWithNothing() throws Exception {
    JsonNode main =
        row(ask("/consumption/comparison?by=equipment&from=2025-08-01&to=2025-08-31"), "main");

    assertThat(main.at("/total/amount").asText()).isEqualTo("620");
    assertThat(main.at("/year/amount").isNull()).isTrue();
    assertThat(main.at("/year/percent").isNull()).isTrue();
    assertThat(main.at("/days/0/weekdays/amount").isNull()).isTrue();
    assertThat(main.at("/days/7/weekdays/days").asInt()).isEqualTo(1);
  }

  @Test
  void theSiteIsTheSumOfWhatComesInButNotOfSubMetersTariffRegistersOrExport() throws Exception {
    String october = "/consumption?step=month&from=2026-10-01&to=2026-10-31";
    assertThat(ask(october).at("/rows/0/total/amount").asText()).isEqualTo("525");

    ApiClient.Answer put =
        site.admin.send(
            "PUT", "/sites/site-a/analysis", "{\"subMeters\":[\"%s\"]}".formatted(part));

    assertThat(put.status()).isEqualTo(200);
    assertThat(ask(october).get("rows")).hasSize(1);
    assertThat(ask(october).at("/rows/0/total/amount").asText()).isEqualTo("350");
    assertThat(ask(october + "&equipment=" + part).at("/rows/0/total/amount").asText())
        .isEqualTo("175");
    assertThat(ask(october + "&by=register").get("rows")).hasSize(4);
    ApiClient.Answer wrong =
        site.admin.send("PUT", "/sites/site-a/analysis", "{\"subMeters\":[\"99999\"]}");
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(wrong.response().body()).contains("99999");
  }

  @Test
  void aReportOpensInASpreadsheetInEitherLanguage() throws Exception {
    String path = "/sites/site-a/consumption?by=equipment&from=2026-10-05&to=2026-10-06&format=";
    byte[] csv = file(path + "csv");
    String text = new String(csv, java.nio.charset.StandardCharsets.UTF_8);
    assertThat(text).startsWith("\uFEFF时间,名称,介质");
    assertThat(text).contains("2026-10-05,main,电,,,kWh,20,1.0,");

    try (ReadableWorkbook book =
        new ReadableWorkbook(new ByteArrayInputStream(file(path + "xlsx&language=en")))) {
      List<Row> rows = book.getFirstSheet().read();
      assertThat(rows).hasSize(5);
      assertThat(rows.get(0).getCellText(6)).isEqualTo("Consumption");
      assertThat(rows.get(1).getCellText(0)).isEqualTo("2026-10-05");
      assertThat(rows.get(1).getCellAsNumber(6).orElseThrow()).isEqualByComparingTo("20");
    }
    assertThat(file("/sites/site-a/consumption/comparison?format=xlsx")).startsWith('P', 'K');
    assertThat(file("/sites/site-a/water-flow?format=xlsx")).startsWith('P', 'K');
    assertThat(file("/sites/site-a/pumps?format=csv")).isNotEmpty();
  }

  @Test
  void aQuestionThatAsksTooMuchSaysHowMuchMayBeAsked() throws Exception {
    JsonNode hours =
        site.admin
            .get("/sites/site-a/consumption?step=hour&from=2026-01-01&to=2026-10-01")
            .json()
            .get("error");

    assertThat(hours.at("/message/en").asText()).contains("92 days");
    assertThat(hours.at("/message/zh").asText()).contains("92 天");
    assertThat(site.admin.get("/sites/site-a/consumption?from=soon").status()).isEqualTo(400);
    assertThat(site.admin.get("/sites/nowhere/consumption").status()).isEqualTo(404);
  }

  private byte[] file(String path) throws Exception {
    var response =
        HttpClient.newHttpClient()
            .send(site.admin.request("GET", path, null), BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-disposition").orElse(""))
        .contains("attachment");
    return response.body();
  }

  private JsonNode ask(String path) throws Exception {
    ApiClient.Answer answer = site.admin.get("/sites/site-a" + path);
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    return answer.json();
  }
}
