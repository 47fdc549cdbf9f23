package io.plantroom.hub;

import static io.plantroom.hub.HubTest.find;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.plantroom.hub.live.LiveFeed;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What consoles see while it happens. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiveFeedTest {
  @TempDir static Path folder = Path.of(".");
  private TestHub hub;
  private ApiClient admin = new ApiClient("http://127.0.0.1");

  @BeforeAll
  void start() throws Exception {
    hub = new TestHub(folder, TestDatabase.fresh(), InstantSource.system());
    hub.introduce("gw-a");
    admin = hub.admin();
  }

  @AfterAll
  void stop() {
    hub.close();
  }

  @Test
  void whatHappensRightAfterTheGreetingIsNotMissed() throws Exception {
    for (int i = 0; i < 20; i++) {
      try (EventStream console = new EventStream(admin)) {
        String mark = "mark-" + i;
        publish(Map.of("mark", mark));
        console.next("test", data -> data.path("mark").asText().equals(mark));
      }
    }
  }

  @Test
  void aConsoleThatDoesNotReadIsCutOffAndTheOthersGoOn() throws Exception {
    Map<String, String> large = Map.of("text", "x".repeat(200_000));
    try (EventStream reading = new EventStream(admin);
        Socket stuck = new Socket(InetAddress.getLoopbackAddress(), hub.hub().httpPort())) {
      stuck.setReceiveBufferSize(4096);
      String request =
          "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
              + hub.secret("billing-token")
              + "\r\n\r\n";
      stuck.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      await().until(() -> metric("plantroom_live_clients") == 2);

      await()
          .untilAsserted(
              () -> {
                publish(large);
                reading.next("test", data -> data.has("text"));
                assertThat(metric("plantroom_live_clients_cut_off_total")).isEqualTo(1);
              });

      publish(Map.of("mark", "after"));
      reading.next("test", data -> data.path("mark").asText().equals("after"));
      assertThat(metric("plantroom_live_clients")).isEqualTo(1);
    }
  }

  @Test
  void aValueAheadOfTheBacklogIsShownAndMarkedButNeverStored() throws Exception {
    Instant stored = Instant.now().minusSeconds(600);
    Instant now = Instant.now();
    hub.samples("gw-a", List.of(flow(stored, 1)));
    try (EventStream console = new EventStream(admin)) {
      hub.live("gw-a", flow(now, 7), flow(stored.minusSeconds(1), 0));

      JsonNode live = console.next("value", data -> data.path("live").asBoolean());
      assertThat(live.get("value").asDouble()).isEqualTo(7);
      assertThat(flow().get("value").asDouble()).isEqualTo(7);
      assertThat(flow().get("live").asBoolean()).isTrue();
      assertThat(hub.count("SELECT count(*) FROM telemetry WHERE value = 7")).isZero();

      hub.samples("gw-a", List.of(flow(stored.plusSeconds(1), 2)));
      console.next("value", data -> data.path("value").asDouble() == 2);
      assertThat(flow().get("value").asDouble()).as("the backlog hides nothing").isEqualTo(7);

      hub.samples("gw-a", List.of(flow(now, 7)));
      await().untilAsserted(() -> assertThat(flow().has("live")).isFalse());
      assertThat(flow().get("value").asDouble()).isEqualTo(7);
    }
  }

  private JsonNode flow() throws Exception {
    JsonNode pump = find(admin.get("/equipment?site=site-a").json(), "device", "pump-1");
    JsonNode points = admin.get("/equipment/" + pump.get("id").asText()).json().get("points");
    return find(points, "name", "flow");
  }

  private static Sample flow(Instant at, double value) {
    return Sample.good("pump-1", "flow", at, new Value.Analog(value));
  }

  private void publish(Object body) {
    hub.hub().live().publish(List.of(new LiveFeed.Item("site-a", "test", body)));
  }

  private double metric(String name) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + hub.hub().managementPort() + "/metrics");
    String text =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
            .body();
    for (String line : text.lines().toList()) {
      if (line.startsWith(name + " ")) {
        return Double.parseDouble(line.substring(name.length() + 1));
      }
    }
    throw new AssertionError("no metric " + name);
  }
}
