package io.plantroom.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A caller of the API, as a browser or as another system. */
public final class ApiClient {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final String base;
  private final Map<String, String> headers = new HashMap<>();

  public ApiClient(String base) {
    this.base = base + "/api/v1";
  }

  /** An answer and its body as JSON; the body is missing when there was none. */
  public record Answer(int status, JsonNode json, HttpResponse<String> response) {}

  public Answer signIn(String user, String password) throws Exception {
    Answer answer =
        post("/session", JSON.writeValueAsString(Map.of("user", user, "password", password)));
    answer
        .response()
        .headers()
        .firstValue("set-cookie")
        .ifPresent(c -> headers.put("Cookie", c.replaceAll(";.*", "")));
    headers.put("X-Requested-With", "plantroom");
    return answer;
  }

  public ApiClient with(String header, String value) {
    headers.put(header, value);
    return this;
  }

  public ApiClient without(String header) {
    headers.remove(header);
    return this;
  }

  public Answer get(String path) throws Exception {
    return send("GET", path, null);
  }

  public Answer post(String path, String body) throws Exception {
    return send("POST", path, body);
  }

  public Answer send(String method, String path, @Nullable String body) throws Exception {
    HttpResponse<String> response = http.send(request(method, path, body), BodyHandlers.ofString());
    boolean json =
        response.headers().firstValue("content-type").orElse("").startsWith("application/json");
    return new Answer(
        response.statusCode(), json ? JSON.readTree(response.body()) : JSON.nullNode(), response);
  }

  /** A request with this caller's credentials, for those who want the raw stream. */
  public HttpRequest request(String method, String path, @Nullable String body) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(30));
    headers.forEach(builder::header);
    if (body == null) {
      return builder.method(method, HttpRequest.BodyPublishers.noBody()).build();
    }
    return builder
        .header("Content-Type", "application/json")
        .method(method, HttpRequest.BodyPublishers.ofString(body))
        .build();
  }
}
