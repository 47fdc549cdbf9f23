package io.plantroom.hub;

import static io.plantroom.hub.HubTest.find;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.plantroom.hub.ApiClient.Answer;
import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import io.plantroom.telemetry.Cause;
import io.plantroom.telemetry.Quality;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import io.plantroom.wire.Event;
import io.plantroom.wire.Receipt;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What operators, technicians and billing systems do all day. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperationsTest {
  @TempDir static Path folder = Path.of(".");
  private DatabaseConfig database = TestDatabase.fresh();
  private TestHub hub;
  private ApiClient admin = new ApiClient("http://127.0.0.1");

  @BeforeAll
  void start() throws Exception {
    hub = new TestHub(folder, database, InstantSource.system());
    hub.introduce("gw-a");
    hub.introduce("gw-b");
    admin = hub.admin();
  }

  @AfterAll
  void stop() {
    hub.close();
  }

  @Test
  void aRepairClosesOnlyWhenTheEquipmentIsWell() throws Exception {
    UUID occurrence = UUID.randomUUID();
    hub.events("gw-a", alarm(occurrence, Event.Change.RAISED));
    hub.events("gw-a", alarm(UUID.randomUUID(), Event.Change.RAISED));
    List<JsonNode> orders = orders("corrective");
    assertThat(orders).as("one open job though the alarm came twice").hasSize(1);
    String id = orders.get(0).get("id").asText();

    assertThat(admin.post("/work-orders/" + id + "/start", "{}").status()).isEqualTo(200);
    Answer early = admin.post("/work-orders/" + id + "/complete", "{\"note\":\"done\"}");
    assertThat(early.status()).isEqualTo(409);
    assertThat(early.json().at("/error/code").asText()).isEqualTo("alarm-active");
    hub.events("gw-a", alarm(UUID.randomUUID(), Event.Change.CLEARED));
    Answer done =
        admin.post("/work-orders/" + id + "/complete", "{\"note\":\"done\",\"cause\":\"valve\"}");

    assertThat(done.status()).isEqualTo(200);
    assertThat(done.json().get("completedBy").asText()).isEqualTo("admin");
    assertThat(orders("corrective")).isEmpty();
  }

  @Test
  void aServiceFallsDueByUseAndCountsOnAfterACounterReset() throws Exception {
    runHours("3990");
    await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(used()).isPositive());
    long every = interval();
    long begin = used();

    runHours("5");
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(used()).isEqualTo(begin + 5));
    runHours(String.valueOf(5 + every));

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(orders("preventive")).isNotEmpty());
    JsonNode order = orders("preventive").get(0);
    assertThat(order.at("/plan/counter").asText()).isEqualTo("run-hours");
    admin.post("/work-orders/" + order.get("id").asText() + "/complete", "{\"note\":\"oiled\"}");
    assertThat(used()).isZero();
  }

  @Test
  void aReadingIsTheLastGoodSampleBeforeTheCutOffAndNeverChanges() throws Exception {
    Instant at = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(600);
    hub.samples(
        "gw-b",
        List.of(
            energy(at.minusSeconds(120), "100.10"),
            energy(at.minusSeconds(60), "100.20"),
            new Sample(
                "meter-1",
                "energy-import",
                at.minusSeconds(10),
                null,
                Quality.BAD,
                Cause.TIMEOUT,
                true),
            energy(at.plusSeconds(1), "100.30")));
    ApiClient billing =
        new ApiClient(hub.base()).with("Authorization", "Bearer " + hub.secret("billing-token"));

    Answer taken = billing.post("/cut-offs", "{\"site\":\"site-b\",\"at\":\"%s\"}".formatted(at));
    assertThat(taken.json().get("taken").asInt()).isEqualTo(1);
    assertThat(taken.json().get("missing").asInt()).as("the export register").isEqualTo(1);
    JsonNode page = billing.get("/readings?site=site-b").json();
    JsonNode reading = find(page.get("items"), "obis", "1-0:1.8.0");
    assertThat(reading.get("value").asText()).isEqualTo("100.20");
    assertThat(Instant.parse(reading.get("measuredAt").asText())).isEqualTo(at.minusSeconds(60));
    assertThat(find(page.get("items"), "obis", "1-0:2.8.0").get("status").asText())
        .isEqualTo("missing");

    billing.post(
        "/readings",
        "{\"registerId\":\"%s\",\"at\":\"%s\",\"value\":\"100.25\",\"reason\":\"read by eye\"}"
            .formatted(reading.get("registerId").asText(), at));
    billing.post("/cut-offs", "{\"site\":\"site-b\",\"at\":\"%s\"}".formatted(at));
    JsonNode next =
        billing.get("/readings?site=site-b&after=" + page.get("cursor").asText()).json();

    assertThat(next.get("items")).as("only the correction is new").hasSize(1);
    assertThat(next.at("/items/0/version").asInt()).isEqualTo(2);
    assertThat(next.at("/items/0/source").asText()).isEqualTo("manual");
    assertThat(billing.get("/readings?site=site-b").json().get("items").get(0))
        .as("the first page is as it was")
        .isEqualTo(page.get("items").get(0));
  }

  @Test
  void consolesHearOfAlarmsAndValuesWhileTheyHappen() throws Exception {
    HttpResponse<InputStream> stream =
        HttpClient.newHttpClient()
            .send(admin.request("GET", "/events", null), BodyHandlers.ofInputStream());
    assertThat(stream.headers().firstValue("content-type")).hasValue("text/event-stream");
    stream.body().close();

    // Again, should the hub have ended the stream: its consoles come back after the database was
    // away.
    await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(
            () -> {
              try (EventStream console = new EventStream(admin)) {
                Instant now = Instant.now();
                hub.samples(
                    "gw-a", List.of(Sample.good("pump-1", "flow", now, new Value.Analog(7.5))));
                console.next("value", v -> v.path("value").asDouble() == 7.5);
              }
            });
  }

  @Test
  void aGatewayWhoseWillIsHeardIsAnAlarmUntilItIsBack() throws Exception {
    hub.status("gw-b", true);
    hub.status("gw-b", false);
    hub.status("gw-b", false);
    JsonNode open = admin.get("/alarms?site=site-b&text=gateway").json().get("items");
    assertThat(find(open, "key", "gateway-offline").get("state").asText())
        .isEqualTo("active-unacknowledged");

    hub.status("gw-b", true);

    assertThat(
            find(admin.get("/alarms?site=site-b").json().get("items"), "key", "gateway-offline")
                .get("state")
                .asText())
        .isEqualTo("cleared-unacknowledged");
  }

  @Test
  void whileTheDatabaseIsAwayNothingIsAnsweredAndAfterwardsNothingIsMissing() throws Exception {
    String name = database.url().replaceAll(".*/(\\w+)\\?.*", "$1");
    String server = database.url().replaceFirst("/" + name, "/postgres");
    TestDatabase.execute(server, "ALTER DATABASE " + name + " ALLOW_CONNECTIONS false");
    TestDatabase.execute(
        server,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
    CompletableFuture<Receipt> receipt =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return hub.samples(
                    "gw-a", List.of(Sample.good("away", "t", Instant.now(), new Value.Analog(1))));
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    await()
        .during(Duration.ofSeconds(2))
        .atMost(Duration.ofSeconds(4))
        .untilAsserted(() -> assertThat(receipt).isNotDone());

    TestDatabase.execute(server, "ALTER DATABASE " + name + " ALLOW_CONNECTIONS true");

    assertThat(receipt.get(30, TimeUnit.SECONDS).outcome()).isEqualTo(Receipt.Outcome.COMMITTED);
    hub.everySampleIsAccountedFor();
  }

  @Test
  void aSeriesRefusesWhatWouldBeTooMuchAndNamesTheField() throws Exception {
    String point = String.valueOf(hub.count("SELECT min(id) FROM point"));

    Answer backwards =
        admin.get("/points/" + point + "/series?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z");
    Answer years =
        admin.get("/points/" + point + "/series?from=2020-02-01T00:00:00Z&to=2026-01-01T00:00:00Z");

    assertThat(backwards.status()).isEqualTo(400);
    assertThat(backwards.json().at("/error/message/en").asText()).startsWith("from:");
    assertThat(years.status()).isEqualTo(400);
    assertThat(admin.get("/points/999999/series").status()).isEqualTo(404);
  }

  @Test
  void thePolicyOfContentIsStrictAndUnknownPathsAreRefused() throws Exception {
    HttpResponse<String> missing =
        HttpClient.newHttpClient()
            .send(
                java.net.http.HttpRequest.newBuilder(
                        java.net.URI.create(hub.base() + "/assets/none.js"))
                    .build(),
                BodyHandlers.ofString());

    assertThat(missing.statusCode()).isEqualTo(404);
    assertThat(missing.headers().firstValue("content-security-policy").orElse(""))
        .contains("default-src 'none'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(admin.get("/nothing").status()).isEqualTo(404);
  }

  private List<JsonNode> orders(String kind) throws Exception {
    List<JsonNode> found = new ArrayList<>();
    admin.get("/work-orders?site=site-a&kind=" + kind).json().forEach(found::add);
    return found;
  }

  private void runHours(String value) throws Exception {
    hub.samples(
        "gw-a",
        List.of(
            Sample.good(
                "pump-1", "run-hours", Instant.now(), new Value.Counter(new BigDecimal(value)))));
  }

  private long used() {
    return hub.count(
        "SELECT coalesce(max(used), -1)::bigint FROM service_meter WHERE plan = 'run-hours-service'");
  }

  private static long interval() {
    return io.plantroom.profile.ProfileCatalog.builtIn()
        .find("grundfos-cim-pump")
        .orElseThrow()
        .maintenance()
        .stream()
        .filter(m -> m.key().equals("run-hours-service"))
        .findFirst()
        .orElseThrow()
        .every()
        .longValueExact();
  }

  private static Sample energy(Instant at, String value) {
    return Sample.good("meter-1", "energy-import", at, new Value.Counter(new BigDecimal(value)));
  }

  private static Event alarm(UUID occurrence, Event.Change change) {
    return new Event.AlarmChange(
        Instant.now(), true, occurrence, "pump-1", "dry-run", change, "flow", "0");
  }
}
