package io.plantroom.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The hub as a person or a billing system uses it: by its HTTP API. */
final class HubClient {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder()
          .cookieHandler(new CookieManager())
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final URI base;
  private final @Nullable String token;

  private HubClient(URI base, @Nullable String token) {
    this.base = base;
    this.token = token;
  }

  /** Signed in by name and password, as in the browser. */
  static HubClient person(int port, String user, String password)
      throws IOException, InterruptedException {
    HubClient client = new HubClient(api(port), null);
    client.post("session", Map.of("user", user, "password", password));
    return client;
  }

  /** With a service token, as a billing system. */
  static HubClient service(int port, String token) {
    return new HubClient(api(port), token);
  }

  private static URI api(int port) {
    return URI.create("http://127.0.0.1:" + port + "/api/v1/");
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    return send(request(path).GET().build());
  }

  JsonNode post(String path, Object body) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
            .build());
  }

  JsonNode put(String path, Object body) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
            .build());
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(Duration.ofSeconds(10))
            .header("X-Requested-With", "plantroom");
    return token == null ? builder : builder.header("Authorization", "Bearer " + token);
  }

  private JsonNode send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw new IOException(
          request.method()
              + " "
              + request.uri().getPath()
              + " answered "
              + answer.statusCode()
              + ": "
              + answer.body());
    }
    return answer.body().isEmpty() ? JSON.nullNode() : JSON.readTree(answer.body());
  }
}
