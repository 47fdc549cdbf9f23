package io.plantroom.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A console that reads the live feed. */
final class EventStream implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final InputStream body;
  private final BlockingQueue<Happening> events = new LinkedBlockingQueue<>();

  record Happening(String event, JsonNode data) {}

  /** Comes back once the hub has greeted. */
  EventStream(ApiClient caller) throws Exception {
    body =
        HttpClient.newHttpClient()
            .send(caller.request("GET", "/events", null), BodyHandlers.ofInputStream())
            .body();
    Thread reader = new Thread(this::read, "event-stream");
    reader.setDaemon(true);
    reader.start();
    next("hello", data -> true);
  }

  /** The next event of a kind that fits; others before it are forgotten. */
  JsonNode next(String event, Predicate<JsonNode> wanted) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (true) {
      Happening h = events.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      if (h == null || h.event().equals("closed")) {
        throw new AssertionError("no " + event + (h == null ? " within 20 s" : ", closed"));
      }
      if (h.event().equals(event) && wanted.test(h.data())) {
        return h.data();
      }
    }
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      String event = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("event: ")) {
          event = line.substring(7);
        } else if (line.startsWith("data: ")) {
          events.add(new Happening(event, JSON.readTree(line.substring(6))));
        }
      }
    } catch (IOException e) {
      // The end, as told below.
    } finally {
      events.add(new Happening("closed", JSON.nullNode()));
    }
  }

  @Override
  public void close() {
    try {
      body.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
