package io.plantroom.bench.live;

import io.plantroom.deploy.BacklogRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A console that is open: it hears the hub's live feed as a browser does. */
final class Console implements AutoCloseable {
  private static final String AT = "\"at\":\"";

  private final Stream<String> lines;
  private final Consumer<Instant> value;
  private final Thread reader = new Thread(this::read, "console");
  private volatile boolean closed;
  private volatile boolean ended;

  private Console(Stream<String> lines, Consumer<Instant> value) {
    this.lines = lines;
    this.value = value;
  }

  /**
   * Signs in and listens.
   *
   * @param value gets the time of each value that is shown, from a thread of its own
   */
  static Console open(BacklogRun run, Consumer<Instant> value)
      throws IOException, InterruptedException {
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    URI api = URI.create("http://127.0.0.1:" + run.hubPort() + "/api/v1/");
    HttpResponse<String> session =
        http.send(
            HttpRequest.newBuilder(api.resolve("session"))
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofString(
                        "{\"user\":\"admin\",\"password\":\"" + run.adminPassword() + "\"}"))
                .build(),
            BodyHandlers.ofString());
    String cookie = session.headers().firstValue("set-cookie").orElseThrow();
    HttpResponse<Stream<String>> events =
        http.send(
            HttpRequest.newBuilder(api.resolve("events"))
                .header("Cookie", cookie.replaceAll(";.*", ""))
                .header("X-Requested-With", "plantroom")
                .build(),
            BodyHandlers.ofLines());
    Console console = new Console(events.body(), value);
    console.reader.start();
    return console;
  }

  /** Whether the hub has cut it off. */
  boolean ended() {
    return ended;
  }

  private void read() {
    try {
      boolean isValue = false;
      for (Iterator<String> all = lines.iterator(); all.hasNext(); ) {
        String line = all.next();
        if (line.startsWith("event: ")) {
          isValue = line.equals("event: value");
        } else if (isValue && line.startsWith("data: ")) {
          int from = line.indexOf(AT) + AT.length();
          value.accept(Instant.parse(line.substring(from, line.indexOf('"', from))));
        }
      }
    } catch (UncheckedIOException e) {
      if (!closed) {
        System.out.println("the console's connection broke: " + e.getMessage());
      }
    } finally {
      ended = !closed;
    }
  }

  @Override
  public void close() {
    closed = true;
    lines.close();
  }
}
