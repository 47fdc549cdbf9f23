package io.plantroom.hub.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.plantroom.hub.ApiClient;
import io.plantroom.hub.TestDatabase;
import io.plantroom.hub.TestHub;
import io.plantroom.telemetry.Cause;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Five days of two numbers and a state, one of them with a hole and an hour of bad values. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SeriesTest {
  /** The beginning of 2026-03-10 at the site. */
  private static final Instant BEGIN = Instant.parse("2026-03-09T16:00:00Z");

  private static final int DAYS = 5;

  @TempDir static Path folder = Path.of(".");
  private TestHub hub;
  private ApiClient admin = new ApiClient("http://127.0.0.1");
  private String steady = "";
  private String ill = "";
  private String state = "";

  @BeforeAll
  void start() throws Exception {
    Instant now = BEGIN.plus(Duration.ofDays(DAYS));
    hub = new TestHub(folder, TestDatabase.fresh(), InstantSource.fixed(now));
    admin = hub.admin();
    List<Sample> samples = new ArrayList<>();
    for (int minute = 0; minute < DAYS * 1440; minute += 5) {
      Instant at = at(minute);
      samples.add(Sample.good("a", "steady", at, new Value.Analog(minute % 60)));
      if (minute % 60 == 0) {
        samples.add(Sample.good("a", "state", at, new Value.State(minute / 1440)));
      }
      int hour = minute / 60;
      if (hour == 30) {
        samples.add(Sample.bad("b", "ill", at, Cause.TIMEOUT));
      } else if (hour < 40 || hour >= 50) {
        samples.add(
            Sample.good("b", "ill", at, new Value.Analog(hour + (minute % 60 == 0 ? 500 : 0))));
      }
    }
    hub.samples("gw-a", samples);
    steady = id("steady");
    ill = id("ill");
    state = id("state");
  }

  @AfterAll
  void stop() {
    hub.close();
  }

  @Test
  void everyStepIsTheSameFromSamplesAndFromRollups() throws Exception {
    hub.samples("gw-a", List.of(Sample.good("b", "ill", at(45 * 60 + 7), new Value.Analog(-3))));
    for (String step : List.of("1m", "15m", "1h", "1d")) {
      hub.count(
          """
          WITH all_hours AS (INSERT INTO rollup_mark (hour, site_id, states, low, high, points)
            SELECT h, 'site-a', false, 0, 59, (SELECT array_agg(id) FROM point)
              FROM generate_series('2026-03-09T16:00:00Z'::timestamptz,
                                   '2026-03-14T15:00:00Z', '1 hour') h RETURNING 1)
          SELECT count(*) FROM all_hours""");
      JsonNode fromSamples = aligned("step=" + step);
      hub.rollUp();
      JsonNode fromRollups = aligned("step=" + step);

      assertThat(fromRollups.get("source").asText()).isEqualTo(step);
      assertThat(fromRollups.at("/points/0/avg").size()).isEqualTo(steps(step));
      assertThat(fromRollups).as(step).isEqualTo(fromSamples);
    }
  }

  private static int steps(String step) {
    return switch (step) {
      case "1m" -> DAYS * 1440;
      case "15m" -> DAYS * 96;
      case "1h" -> DAYS * 24;
      default -> DAYS;
    };
  }

  @Test
  void aHoleIsNothingABadHourSaysSoAndAPeakIsKept() throws Exception {
    hub.rollUp();

    JsonNode point = aligned("step=1h").at("/points/1");

    assertThat(point.get("pointId").asText()).isEqualTo(ill);
    assertThat(point.at("/avg/30").isNull()).as("bad").isTrue();
    assertThat(point.at("/bad/30").asInt()).isEqualTo(12);
    assertThat(point.at("/avg/41").isNull()).as("hole").isTrue();
    assertThat(point.at("/bad/41").asInt()).isZero();
    assertThat(point.at("/max/20").asDouble()).isEqualTo(520);
    assertThat(point.at("/min/20").asDouble()).isEqualTo(20);
    JsonNode coarse = aligned("buckets=7").at("/points/1");
    assertThat(coarse.get("max")).anySatisfy(m -> assertThat(m.asDouble()).isEqualTo(619));
  }

  @Test
  void whatComesLateIsInTheNextAnswerBeforeAnyRollupKnowsIt() throws Exception {
    hub.rollUp();
    assertThat(aligned("step=1d").at("/points/0/max/2").asDouble()).isLessThan(1000);

    hub.samples(
        "gw-a", List.of(Sample.good("a", "steady", at(2 * 1440 + 601), new Value.Analog(1000))));

    assertThat(aligned("step=1d").at("/points/0/max/2").asDouble()).isEqualTo(1000);
    assertThat(aligned("step=15m").at("/points/0/max/232").asDouble()).isEqualTo(1000);
    hub.rollUp();
    assertThat(aligned("step=1d").at("/points/0/max/2").asDouble()).isEqualTo(1000);
  }

  @Test
  void daysAreThoseOfTheSiteAndTheSourceFollowsSpanAndWidth() throws Exception {
    JsonNode days = aligned("step=1d");

    assertThat(days.get("timeZone").asText()).isEqualTo("Asia/Shanghai");
    assertThat(days.at("/at/0").asText()).isEqualTo(BEGIN.toString());
    assertThat(source("buckets=2000")).isEqualTo("1m");
    assertThat(source("buckets=300")).isEqualTo("15m");
    assertThat(source("buckets=100")).isEqualTo("1h");
    assertThat(source("buckets=5")).isEqualTo("1d");
    JsonNode hour =
        admin
            .get(
                "/points/%s/series?from=%s&to=%s&buckets=600"
                    .formatted(steady, BEGIN, BEGIN.plusSeconds(3600)))
            .json();
    assertThat(hour.get("source").asText()).isEqualTo("raw");
    assertThat(hour.get("bucketSeconds").asInt()).isEqualTo(6);
    assertThat(hour.get("rows")).hasSize(12);
    assertThat(aligned("step=1h").at("/points/2/last/25").asInt()).as("state").isEqualTo(1);
  }

  @Test
  void whatWouldBeTooMuchIsRefusedInBothLanguages() throws Exception {
    String many = "/sites/site-a/series?points=" + "1,".repeat(3) + "x";
    assertThat(error(many)).startsWith("points:");
    String cells =
        "/sites/site-a/series?points=%s&step=1m&from=2025-12-01T00:00:00Z&to=2026-06-01T00:00:00Z"
            .formatted(steady);
    assertThat(error(cells)).startsWith("step:").contains("200000");
    assertThat(error("/sites/site-a/series?step=2h")).startsWith("step:").contains("15m");
    assertThat(admin.get("/sites/site-b/series?points=" + steady).status()).isEqualTo(404);
  }

  @Test
  void aFileHasEverySampleInTheTimeOfTheSiteAndBadOnesSaySo() throws Exception {
    String csv = export("format=csv&language=en");

    List<String> lines = csv.lines().toList();
    assertThat(lines)
        .hasSize(
            1
                + (int)
                    hub.count(
                        "SELECT count(*) FROM telemetry JOIN point p ON p.id = point_id WHERE p.name IN ('steady', 'ill')")
                + DAYS * 24);
    assertThat(lines.get(0))
        .isEqualTo("\uFEFFTime (Asia/Shanghai),UTC,Equipment,Point,Unit,Value,Quality,Cause");
    assertThat(lines.get(2))
        .isEqualTo("2026-03-10 00:05:00.000,2026-03-09T16:05:00Z,a,steady,,5.0,good,");
    assertThat(csv).contains("2026-03-11 06:00:00.000,2026-03-10T22:00:00Z,b,ill,,,bad,timeout");
  }

  @Test
  void aWorkbookHasTheSameStepsAsTheSeriesAlsoBeyondOnePiece() throws Exception {
    JsonNode series = aligned("step=1h");
    byte[] bytes = exported("format=xlsx&step=1h");
    int rows = 0;
    try (ReadableWorkbook book = new ReadableWorkbook(new ByteArrayInputStream(bytes))) {
      List<Row> all = book.getFirstSheet().read();
      assertThat(all.get(0).getCellText(0)).isEqualTo("时间（Asia/Shanghai）");
      for (Row row : all.subList(1, all.size())) {
        if (row.getCellText(3).equals("steady")) {
          assertThat(row.getCellAsNumber(7).orElseThrow().doubleValue())
              .isEqualTo(series.at("/points/0/avg/" + rows++).asDouble());
        }
      }
    }
    assertThat(rows).isEqualTo(DAYS * 24);
    assertThat(error("/sites/site-a/series/export?points=%s&format=pdf".formatted(steady)))
        .startsWith("format:");
  }

  private byte[] exported(String how) throws Exception {
    String path =
        "/sites/site-a/series/export?points=%s,%s,%s&from=%s&to=%s&%s"
            .formatted(steady, ill, state, BEGIN, BEGIN.plus(Duration.ofDays(DAYS)), how);
    HttpResponse<byte[]> answer =
        HttpClient.newHttpClient()
            .send(admin.request("GET", path, null), HttpResponse.BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  private String export(String how) throws Exception {
    return new String(exported(how), StandardCharsets.UTF_8);
  }

  private String error(String path) throws Exception {
    ApiClient.Answer answer = admin.get(path);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().at("/error/message/zh").asText()).isNotEmpty();
    return answer.json().at("/error/message/en").asText();
  }

  @Test
  void theLatestOfASiteIsThatOfAllItsPoints() {
    await()
        .untilAsserted(
            () -> {
              JsonNode latest = admin.get("/sites/site-a/latest").json().get("points");
              assertThat(latest).hasSize(3);
              assertThat(latest.findValuesAsText("name"))
                  .containsExactlyInAnyOrder("steady", "ill", "state");
              assertThat(latest.findValuesAsText("quality")).containsOnly("good");
              assertThat(latest.get(0).get("at").asText())
                  .isGreaterThan(at(DAYS * 1440 - 61).toString());
            });
  }

  private static Instant at(int minute) {
    return BEGIN.plus(Duration.ofMinutes(minute));
  }

  private String source(String how) throws Exception {
    return aligned(how).get("source").asText();
  }

  private JsonNode aligned(String how) throws Exception {
    String path =
        "/sites/site-a/series?points=%s,%s,%s&from=%s&to=%s&%s"
            .formatted(steady, ill, state, BEGIN, BEGIN.plus(Duration.ofDays(DAYS)), how);
    JsonNode json = admin.get(path).json();
    assertThat(json.has("error")).as(json.toString()).isFalse();
    return json;
  }

  private String id(String name) {
    return String.valueOf(hub.count("SELECT id FROM point WHERE name = '" + name + "'"));
  }
}
