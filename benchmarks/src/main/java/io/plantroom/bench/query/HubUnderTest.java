package io.plantroom.bench.query;

import io.plantroom.bench.Folders;
import io.plantroom.bench.database.Cpu;
import io.plantroom.bench.database.Server;
import io.plantroom.hub.CloudHub;
import io.plantroom.hub.config.HubConfig;
import io.plantroom.hub.config.RetentionConfig;
import io.plantroom.hub.database.DatabaseLevel;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A hub in this process on a database of its own, and somebody who is signed in. */
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
                - {id: load, name: {zh: 负载, en: Load}, time-zone: Asia/Shanghai}
      gateways:
        - {code: gw-bench, site: bench, name: {zh: 网关, en: Gateway}}
      """;

  /** Nothing is to be deleted while it is measured. */
  private static final RetentionConfig.Kept FOR_EVER =
      new RetentionConfig.Kept(36_500, 36_500, 36_500, 36_500, 36_500);

  /** A hub that has run for an hour has compiled what it does for most questions. */
  private static final int WARM = 15;

  private final Path folder;
  private final Server server;
  private final HttpClient http = HttpClient.newHttpClient();
  private CloudHub hub;
  private String cookie = "";

  /** On a PostgreSQL that ends with it. */
  HubUnderTest() throws Exception {
    this(DatabaseLevel.POSTGRESQL, List.of());
  }

  /**
   * On a database that ends with it.
   *
   * @param others gateways of a second site, {@code load}
   */
  HubUnderTest(DatabaseLevel level, List<String> others) throws Exception {
    folder = Folders.fresh();
    StringBuilder organisation = new StringBuilder(ORGANISATION);
    for (String gateway : others) {
      organisation
          .append("  - {code: ")
          .append(gateway)
          .append(", site: load, name: {zh: 网关, en: Gateway}}\n");
    }
    Files.writeString(folder.resolve("organisation.yaml"), organisation);
    server = Server.start(level);
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
            server.config(10),
            null,
            folder.resolve("organisation.yaml"),
            folder.resolve("admin-password"),
            folder.resolve("billing-token"),
            null,
            new HubConfig.CutOff(1, "00:00"),
            new RetentionConfig(FOR_EVER, FOR_EVER, FOR_EVER, Map.of()));
    CloudHub started = CloudHub.start(config);
    signIn(started.httpPort());
    return started;
  }

  Server server() {
    return server;
  }

  Connection connect() throws SQLException {
    return server.connect();
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

  /** Milliseconds of the median of some questions, after some that warm up. */
  double median(int times, String path) throws Exception {
    return timing(times, path).millis();
  }

  /** The same, with what it cost. */
  Timing timing(int times, String path) throws Exception {
    for (int i = 0; i < WARM; i++) {
      ask(path);
    }
    double[] millis = new double[times];
    Cpu cpu = Cpu.begin(server);
    for (int i = 0; i < times; i++) {
      long began = System.nanoTime();
      ask(path);
      millis[i] = (System.nanoTime() - began) / 1e6;
    }
    double each = 1e3 / times;
    double all = cpu.seconds() * each;
    double database = cpu.serverSeconds() * each;
    Arrays.sort(millis);
    return new Timing(millis[times / 2], all, database);
  }

  @Override
  public void close() throws IOException {
    hub.close();
    server.close();
    Folders.delete(folder);
  }
}
