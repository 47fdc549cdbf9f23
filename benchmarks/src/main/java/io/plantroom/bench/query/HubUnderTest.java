package io.plantroom.bench.query;

import io.plantroom.hub.CloudHub;
import io.plantroom.hub.config.HubConfig;
import io.plantroom.hub.config.RetentionConfig;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.stream.Stream;

/** A hub in this process on a PostgreSQL of its own, and somebody who is signed in. */
final class HubUnderTest implements AutoCloseable {
  private static final String ORGANISATION =
      """
      groups:
        - id: group
          name: {zh: 集团, en: Group}
          companies:
            - id: company
              name: {zh: 公司, en: Company}
              sites:
                - {id: bench, name: {zh: 基准, en: Bench}, time-zone: Asia/Shanghai}
      gateways:
        - {code: gw-bench, site: bench, name: {zh: 网关, en: Gateway}}
      """;

  private final Path folder;
  private final EmbeddedPostgres postgres;
  private final HttpClient http = HttpClient.newHttpClient();
  private CloudHub hub;
  private String cookie = "";

  HubUnderTest() throws Exception {
    folder = Files.createTempDirectory("bench-hub");
    Files.writeString(folder.resolve("organisation.yaml"), ORGANISATION);
    postgres =
        EmbeddedPostgres.builder()
            .setServerConfig("shared_buffers", "1GB")
            .setServerConfig("max_wal_size", "8GB")
            .setServerConfig("jit", "off")
            .setServerConfig("max_connections", "60")
            .start();
    hub = start();
  }

  /** Empties what the hub remembers, as a start of the program does. */
  void restart() throws Exception {
    hub.close();
    hub = start();
  }

  private CloudHub start() throws Exception {
    HubConfig config =
        new HubConfig(
            new HubConfig.Http("127.0.0.1", 0, null),
            new HubConfig.Management("127.0.0.1", 0),
            new HubConfig.DatabaseConfig(url(), "postgres", "postgres", null, 10),
            null,
            folder.resolve("organisation.yaml"),
            folder.resolve("admin-password"),
            folder.resolve("billing-token"),
            null,
            new HubConfig.CutOff(1, "00:00"),
            RetentionConfig.usual());
    CloudHub started = CloudHub.start(config);
    signIn(started.httpPort());
    return started;
  }

  private String url() {
    return postgres.getJdbcUrl("postgres", "postgres");
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url());
  }

  private void signIn(int port) throws Exception {
    String password = Files.readString(folder.resolve("admin-password")).strip();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/session"))
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"user\":\"admin\",\"password\":\"" + password + "\"}"))
            .build();
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    cookie = answer.headers().firstValue("set-cookie").orElseThrow().replaceAll(";.*", "");
  }

  /** The body of an answer, which must be a good one. */
  byte[] ask(String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + hub.httpPort() + "/api/v1" + path))
            .header("Cookie", cookie)
            .header("X-Requested-With", "plantroom")
            .build();
    HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(
          path + ": " + new String(answer.body(), StandardCharsets.UTF_8));
    }
    return answer.body();
  }

  /** Milliseconds of the median of some questions, after one that warms up. */
  double median(int times, String path) throws Exception {
    ask(path);
    double[] millis = new double[times];
    for (int i = 0; i < times; i++) {
      long began = System.nanoTime();
      ask(path);
      millis[i] = (System.nanoTime() - began) / 1e6;
    }
    java.util.Arrays.sort(millis);
    return millis[times / 2];
  }

  @Override
  public void close() throws IOException {
    hub.close();
    postgres.close();
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              f -> {
                try {
                  Files.delete(f);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
