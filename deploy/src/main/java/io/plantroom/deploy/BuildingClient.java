package io.plantroom.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;

/** The simulated building's own API: faults on demand, and what its registers have shown. */
final class BuildingClient {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI base;

  BuildingClient(int port) {
    base = URI.create("http://127.0.0.1:" + port + "/");
  }

  JsonNode devices() throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(base.resolve("devices")).GET());
  }

  void show(String device, String fault) throws IOException, InterruptedException {
    send(
        HttpRequest.newBuilder(base.resolve("devices/" + device + "/faults/" + fault))
            .PUT(HttpRequest.BodyPublishers.noBody()));
  }

  void end(String device, String fault) throws IOException, InterruptedException {
    send(HttpRequest.newBuilder(base.resolve("devices/" + device + "/faults/" + fault)).DELETE());
  }

  /** What was set on a device since the building's start. */
  JsonNode writes(String device) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(base.resolve("devices/" + device + "/writes")).GET());
  }

  /** What every billing register showed at an instant. */
  JsonNode registers(Instant at) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(base.resolve("registers?at=" + at)).GET());
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            request.timeout(Duration.ofSeconds(10)).build(), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw new IOException("simulated building: " + answer.statusCode() + " " + answer.body());
    }
    return answer.body().isEmpty() ? JSON.nullNode() : JSON.readTree(answer.body());
  }
}
