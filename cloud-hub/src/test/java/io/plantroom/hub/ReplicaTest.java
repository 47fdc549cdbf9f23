package io.plantroom.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.plantroom.hub.database.Reads;
import io.plantroom.hub.database.Standing;
import io.plantroom.hub.database.Standing.State;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Long questions and a real streaming replica, in everything that may become of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplicaTest {
  private static final int EXPORTED = 200_000;
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir static Path folder = Path.of(".");
  private ReplicatedPostgres servers;

  /** Puts up with a replica that is half an hour behind, so that a test may hold it back. */
  private TestHub hub;

  private ApiClient admin = new ApiClient("http://127.0.0.1");
  private Instant next = Instant.now().truncatedTo(ChronoUnit.MILLIS).minusSeconds(3_000);

  @BeforeAll
  void start() throws Exception {
    servers = new ReplicatedPostgres(folder);
    hub = start(Duration.ofMinutes(30));
    admin = hub.admin();
    hub.introduce("gw-a");
    store("seen");
    store("seen");
  }

  @AfterAll
  void stop() throws Exception {
    hub.close();
    servers.close();
  }

  @BeforeEach
  void theReplicaIsReadyAndKnowsEverything() {
    await()
        .atMost(LONG)
        .untilAsserted(
            () -> {
              assertThat(replica(admin).get("state").asText()).isEqualTo("ready");
              double before = asked("replica");
              assertThat(shown("seen")).isEqualTo(stored("seen"));
              assertThat(asked("replica")).isGreaterThan(before);
            });
  }

  private TestHub start(Duration mostBehind) throws Exception {
    return new TestHub(folder, servers.config(mostBehind), InstantSource.system());
  }

  @Test
  void longQuestionsAreAnsweredByTheReplicaAndTheLatestValueByThePrimary() throws Exception {
    servers.pause();
    try {
      Instant stored = store("seen");

      assertThat(shown("seen")).isEqualTo(stored("seen") - 1);
      assertThat(exported("seen")).isEqualTo(stored("seen") - 1);
      await().atMost(LONG).untilAsserted(() -> assertThat(latest("seen")).isEqualTo(stored));
    } finally {
      servers.resume();
    }
    await().atMost(LONG).untilAsserted(() -> assertThat(shown("seen")).isEqualTo(stored("seen")));
  }

  @Test
  void whoHasChangedSomethingSeesItAtOnce() throws Exception {
    String settings = "/sites/site-a/analysis";
    JsonNode equipment = admin.get("/equipment").json();
    String pump = HubTest.find(equipment, "device", "pump-1").get("id").asText();
    servers.pause();
    try {
      store("seen");
      assertThat(shown("seen")).as("the replica is asked").isEqualTo(stored("seen") - 1);

      ApiClient.Answer put =
          admin.send("PUT", settings, "{\"subMeters\":[\"%s\"],\"pumpGroups\":[]}".formatted(pump));

      assertThat(put.status()).as(put.response().body()).isEqualTo(200);
      assertThat(shown("seen")).as("with all that was before it").isEqualTo(stored("seen"));
    } finally {
      servers.resume();
    }
  }

  @Test
  void whatTheReplicaDoesNotKnowYetIsAskedOfThePrimary() throws Exception {
    servers.pause();
    try {
      store("seen");
      assertThat(shown("seen")).as("the replica is asked").isEqualTo(stored("seen") - 1);
      store("a-new-point");

      assertThat(shown("a-new-point")).isEqualTo(1);
    } finally {
      servers.resume();
    }
  }

  @Test
  void aReplicaThatIsTooFarBehindIsNotAskedUntilItHasCaughtUp() throws Exception {
    try (TestHub strict = start(Duration.ofSeconds(2))) {
      ApiClient client = strict.admin();
      await()
          .atMost(LONG)
          .untilAsserted(
              () -> assertThat(replica(client).get("state").asText()).isEqualTo("ready"));
      servers.pause();
      try {
        store("seen");
        await()
            .atMost(LONG)
            .untilAsserted(
                () -> assertThat(replica(client).get("state").asText()).isEqualTo("behind"));
        assertThat(shown(client, "seen")).isEqualTo(stored("seen"));
        assertThat(replica(client).get("behindSeconds").asDouble()).isGreaterThan(2);
        assertThat(management(strict, "/health"))
            .contains("\"up\":true")
            .contains("the primary answers: the replica is behind");
      } finally {
        servers.resume();
      }
      await()
          .atMost(LONG)
          .untilAsserted(
              () -> assertThat(replica(client).get("state").asText()).isEqualTo("ready"));
    }
  }

  @Test
  void whenTheReplicaDiesThePrimaryAnswersUntilItIsBack() throws Exception {
    store("seen");
    servers.kill();

    assertThat(shown("seen")).as("at once").isEqualTo(stored("seen"));
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(replica(admin).get("state").asText()).isEqualTo("away"));
    assertThat(management(hub, "/health"))
        .contains("\"up\":true")
        .contains("the primary answers: the replica is away");
    assertThat(management(hub, "/metrics")).contains("plantroom_reads_replica_ready 0.0");
    store("seen");
    assertThat(shown("seen")).isEqualTo(stored("seen"));

    servers.restart(); // what is promised then stands before each test
  }

  @Test
  void aFileGoesOnFromThePrimaryWhenTheReplicaFallsSilent() throws Exception {
    store("much");
    String point = point("much");
    Instant from = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(1));
    hub.hub()
        .database()
        .jdbi()
        .useHandle(
            h -> {
              h.execute("SELECT ensure_partition(current_date - 1)");
              h.execute(
                  """
                  INSERT INTO telemetry (ts, value, point_id, quality, cause, clock_trusted)
                  SELECT CAST(? AS timestamptz) + i * interval '100 ms', i, ?, 0, 0, true
                    FROM generate_series(1, ?) i""",
                  from.toString(),
                  Integer.parseInt(point),
                  EXPORTED);
            });
    theReplicaIsReadyAndKnowsEverything();
    double before = asked("primary");
    HttpRequest request =
        admin.request(
            "GET",
            "/sites/site-a/series/export?points=%s&from=%s&to=%s"
                .formatted(point, from, from.plus(Duration.ofDays(1))),
            null);
    HttpResponse<InputStream> answer =
        HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream());
    int lines = 0;
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      assertThat(in.readLine()).as("the head").contains("UTC");
      servers.freeze();
      try {
        Instant previous = from;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
          Instant at = Instant.parse(line.split(",", 3)[1]);
          assertThat(at).as("once each, in order").isAfter(previous);
          previous = at;
          lines++;
        }
      } finally {
        servers.thaw();
      }
    }

    assertThat(lines).isEqualTo(EXPORTED);
    assertThat(asked("primary")).isEqualTo(before + 1);
  }

  @Test
  void whatIsNoReplicaOfThisDatabaseIsNeverAsked() {
    for (String url : List.of(servers.primaryUrl(), TestDatabase.fresh().url())) {
      Reads reads =
          new Reads(
              hub.hub().database(),
              servers.config(url, Duration.ofMinutes(30)),
              new SimpleMeterRegistry());
      reads.start();
      try {
        await()
            .atMost(LONG)
            .untilAsserted(() -> assertThat(reads.told()).containsPattern("no replica|another"));
        assertThat(reads.standing()).map(Standing::state).contains(State.AWAY);
        assertThat(
                reads.<Integer>withHandle(
                    h -> h.createQuery("SELECT 1").mapTo(Integer.class).one()))
            .isEqualTo(1);
      } finally {
        reads.stop();
      }
    }
  }

  /** One sample more; when it was taken. */
  private Instant store(String point) throws Exception {
    Instant at = next;
    next = next.plusSeconds(1);
    hub.samples("gw-a", List.of(Sample.good("meter-1", point, at, new Value.Analog(1))));
    return at;
  }

  private Instant latest(String point) throws Exception {
    JsonNode points = admin.get("/sites/site-a/latest").json().get("points");
    return Instant.parse(HubTest.find(points, "name", point).get("at").asText());
  }

  private long stored(String point) {
    return hub.count("SELECT count(*) FROM telemetry WHERE point_id = " + point(point));
  }

  private String point(String name) {
    return String.valueOf(hub.count("SELECT id FROM point WHERE name = '" + name + "'"));
  }

  private long shown(String point) throws Exception {
    return shown(admin, point);
  }

  /** Samples that the API knows of. */
  private long shown(ApiClient client, String point) throws Exception {
    ApiClient.Answer answer = client.get("/points/" + point(point) + "/series");
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    long count = 0;
    for (JsonNode row : answer.json().get("rows")) {
      count += row.get("count").asLong();
    }
    return count;
  }

  private long exported(String point) throws Exception {
    String path = "/sites/site-a/series/export?points=" + point(point);
    return admin.get(path).response().body().lines().count() - 1;
  }

  private static JsonNode replica(ApiClient client) throws Exception {
    return client.get("/storage").json().get("replica");
  }

  private double asked(String who) throws Exception {
    return management(hub, "/metrics")
        .lines()
        .filter(line -> line.startsWith("plantroom_reads_total{from=\"" + who + "\"}"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
        .sum();
  }

  private static String management(TestHub of, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + of.hub().managementPort() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
        .body();
  }
}
