package io.plantroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultApiTest {
  private final HandClock clock = new HandClock(TestSite.SINCE.plus(Duration.ofHours(3)));
  private final HttpClient http = HttpClient.newHttpClient();
  private SimulatedBuilding building;

  @BeforeEach
  void start() throws Exception {
    building = SimulatedBuilding.start(TestSite.options().withClock(clock));
  }

  @AfterEach
  void stop() {
    building.close();
  }

  @Test
  void devicesAreListedWithTheirFaults() throws Exception {
    HttpResponse<String> answer = send("GET", "/devices", "");
    assertThat(answer.statusCode()).isEqualTo(200);
    JsonObject first = new JsonArray(answer.body()).getJsonObject(0);
    assertThat(first.getString("key")).isEqualTo("meter-1");
    assertThat(first.getString("profile")).isEqualTo("test-meter");
    assertThat(first.getJsonArray("faults"))
        .containsExactly("trip", "hang", "slow", "exception", "counter-reset", "counter-rollover");
  }

  @Test
  void aFaultIsSwitchedOnAndOff() throws Exception {
    assertThat(send("PUT", "/devices/lift-1/faults/trapped", "").statusCode()).isEqualTo(204);
    assertThat(building.device("lift-1").shown()).containsExactly("trapped");
    assertThat(send("DELETE", "/devices/lift-1/faults/trapped", "").statusCode()).isEqualTo(204);
    assertThat(building.device("lift-1").shown()).isEmpty();
  }

  @Test
  void aFaultMayHaveItsTime() throws Exception {
    assertThat(send("PUT", "/devices/lift-1/faults/hang", "{\"seconds\": 5}").statusCode())
        .isEqualTo(204);
    assertThat(building.device("lift-1").shown()).containsExactly("hang");
    clock.go(Duration.ofSeconds(6));
    assertThat(building.device("lift-1").shown()).isEmpty();
  }

  @Test
  void whatWasSetFromOutsideIsCounted() throws Exception {
    assertThat(new JsonArray(send("GET", "/devices/meter-1/writes", "").body())).isEmpty();
    assertError(404, "GET", "/devices/nobody/writes", "", "no device 'nobody'");
  }

  @Test
  void allFaultsGoOffAtOnce() throws Exception {
    building.show("meter-1", "trip", true);
    building.show("sensor-1", "leak", true);
    assertThat(send("DELETE", "/faults", "").statusCode()).isEqualTo(204);
    assertThat(building.devices()).allSatisfy(d -> assertThat(d.shown()).isEmpty());
  }

  @Test
  void registersTellTheHistory() throws Exception {
    JsonArray all = new JsonArray(send("GET", "/registers?at=" + TestSite.SINCE, "").body());
    assertThat(all)
        .contains(
            new JsonObject()
                .put("device", "meter-1")
                .put("point", "energy")
                .put("value", "1234.56"))
        .contains(
            new JsonObject()
                .put("device", "sensor-1")
                .put("point", "volume")
                .put("value", "812.345"));
  }

  @Test
  void whatIsWrongIsSaidInClearWords() throws Exception {
    assertError(404, "PUT", "/devices/nobody/faults/hang", "", "no device 'nobody'");
    assertError(404, "PUT", "/devices/lift-1/faults/melt", "", "has no fault 'melt'");
    assertError(404, "GET", "/nothing", "", "nothing here: /nothing");
    assertError(405, "POST", "/faults", "", "POST is not for /faults");
    assertError(400, "GET", "/registers", "", "needs ?at=<instant>");
    assertError(400, "GET", "/registers?at=noon", "", "got \"noon\"");
    assertError(400, "GET", "/registers?at=2020-01-01T00:00:00Z", "", "the building begins at");
    for (String body : new String[] {"{", "[]", "7", "{\"seconds\":-1}", "{\"second\":1}"}) {
      assertError(400, "PUT", "/devices/lift-1/faults/hang", body, "{\"seconds\": N}");
    }
    assertThat(building.device("lift-1").shown()).isEmpty();
  }

  private void assertError(int status, String method, String path, String body, String words)
      throws Exception {
    HttpResponse<String> answer = send(method, path, body);
    assertThat(answer.statusCode()).as("%s %s %s", method, path, body).isEqualTo(status);
    assertThat(new JsonObject(answer.body()).getString("error")).contains(words);
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + building.apiPort() + path))
            .timeout(Duration.ofSeconds(10))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }
}
