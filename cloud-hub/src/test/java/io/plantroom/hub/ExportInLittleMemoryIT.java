package io.plantroom.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A hub in a process with far less memory than its files are large. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExportInLittleMemoryIT {
  private static final String HEAP = "-Xmx80m";
  private static final int POINTS = 2;
  private static final int SAMPLES = 1_100_000;

  private static final Duration LONG = Duration.ofMinutes(5);
  private final Instant begin =
      Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(30));
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder = Path.of(".");
  private final HttpClient http = HttpClient.newHttpClient();
  private final DatabaseConfig database = TestDatabase.fresh();

  @SuppressWarnings("NullAway.Init") // started before the tests
  private Process hub;

  private ApiClient admin = new ApiClient("http://127.0.0.1");

  @BeforeAll
  void start() throws Exception {
    Files.writeString(folder.resolve("organisation.yaml"), TestHub.ORGANISATION);
    Files.writeString(
        folder.resolve("hub.yaml"),
        """
        http: {host: 127.0.0.1, port: 0}
        management: {host: 127.0.0.1, port: 0}
        database: {url: "%s", user: postgres, password: postgres}
        organisation: organisation.yaml
        admin-password-file: admin-password
        """
            .formatted(database.url()));
    Path ready = folder.resolve("ready.json");
    hub =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                CloudHubMain.class.getName(),
                "--config",
                folder.resolve("hub.yaml").toString(),
                "--ready-file",
                ready.toString())
            .inheritIO()
            .start();
    await().atMost(LONG).until(() -> Files.exists(ready) || !hub.isAlive());
    JsonNode ports = JSON.readTree(Files.readString(ready));
    admin = new ApiClient("http://127.0.0.1:" + ports.get("http").asInt());
    admin.signIn("admin", Files.readString(folder.resolve("admin-password")).strip());
    fill();
  }

  @AfterAll
  void stop() throws Exception {
    hub.destroy();
    hub.waitFor();
  }

  private void fill() {
    TestDatabase.execute(
        database.url(),
        """
        INSERT INTO device (gateway_id, key, name_zh, name_en)
        SELECT id, 'much', '多', 'Much' FROM gateway WHERE code = 'gw-a'""");
    for (int i = 1; i <= POINTS; i++) {
      TestDatabase.execute(
          database.url(),
          "INSERT INTO point (device_id, name, kind) SELECT id, 'p%d', 0 FROM device".formatted(i));
    }
    TestDatabase.execute(
        database.url(),
        "SELECT ensure_partition(DATE '%s' + i) FROM generate_series(0, 15) i"
            .formatted(begin.toString().substring(0, 10)));
    TestDatabase.execute(
        database.url(),
        """
        INSERT INTO telemetry (ts, value, point_id, quality, cause, clock_trusted)
        SELECT TIMESTAMPTZ '%s' + i * interval '1 second', i / 7.0, p.id, 0, 0, true
          FROM point p, generate_series(1, %d) i"""
            .formatted(begin, SAMPLES));
  }

  @Test
  void millionsOfSamplesGoIntoCsvWithoutBeingHeld() throws Exception {
    try (InputStream file = export("csv", POINTS)) {
      assertThat(count(file, '\n')).isEqualTo(1 + (long) POINTS * SAMPLES);
    }
    assertThat(hub.isAlive()).isTrue();
  }

  @Test
  void millionsOfSamplesGoIntoAWorkbookWithoutBeingHeld() throws Exception {
    Path file = folder.resolve("much.xlsx");
    try (InputStream in = export("xlsx", 1)) {
      Files.copy(in, file);
    }
    long rows = 0;
    try (ZipFile workbook = new ZipFile(file.toFile())) {
      for (ZipEntry e : Collections.list(workbook.entries())) {
        if (e.getName().startsWith("xl/worksheets/")) {
          rows += rows(workbook.getInputStream(e));
        }
      }
    }
    assertThat(rows).as("the head is in each sheet").isEqualTo(SAMPLES + sheets());
    assertThat(hub.isAlive()).isTrue();
  }

  @Test
  void aDownloadThatIsBrokenOffEndsItsQueryAndNoOther() throws Exception {
    InputStream file = export("csv", POINTS);
    assertThat(file.readNBytes(100_000)).hasSize(100_000);
    try (InputStream other = export("csv", POINTS)) {
      byte[] some = other.readNBytes(100_000);
      assertThat(exporting()).as("they go on while somebody may still read").isEqualTo(2);

      file.close();

      await().atMost(LONG).until(() -> exporting() == 1);
      assertThat(count(new ByteArrayInputStream(some), '\n') + count(other, '\n'))
          .isEqualTo(1 + (long) POINTS * SAMPLES);
    }
  }

  /** A worksheet takes a million rows, one of which is the head. */
  private static int sheets() {
    return (SAMPLES + 999_998) / 999_999;
  }

  private InputStream export(String format, int count) throws Exception {
    StringBuilder points = new StringBuilder();
    for (int i = 1; i <= count; i++) {
      points.append(i == 1 ? "" : ",").append(i);
    }
    String path =
        "/sites/site-a/series/export?points=%s&from=%s&to=%s&format=%s"
            .formatted(points, begin, begin.plus(Duration.ofDays(15)), format);
    HttpResponse<InputStream> answer =
        http.send(admin.request("GET", path, null), BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  /** Transactions in which rows are being handed out. */
  private long exporting() throws Exception {
    try (Connection c = DriverManager.getConnection(database.url());
        Statement s = c.createStatement();
        ResultSet rs =
            s.executeQuery(
                """
                SELECT count(*) FROM pg_stat_activity
                 WHERE datname = current_database() AND application_name = 'plantroom-hub'
                   AND state <> 'idle' AND query LIKE '%telemetry%'""")) {
      rs.next();
      return rs.getLong(1);
    }
  }

  private static long count(InputStream in, char wanted) throws Exception {
    byte[] some = new byte[1 << 16];
    long found = 0;
    for (int n = in.read(some); n >= 0; n = in.read(some)) {
      for (int i = 0; i < n; i++) {
        found += some[i] == wanted ? 1 : 0;
      }
    }
    return found;
  }

  /** Each row of a worksheet ends with this tag. */
  private static long rows(InputStream in) throws Exception {
    byte[] tag = "</row>".getBytes(StandardCharsets.US_ASCII);
    byte[] some = new byte[1 << 16];
    long found = 0;
    int matched = 0;
    for (int n = in.read(some); n >= 0; n = in.read(some)) {
      for (int i = 0; i < n; i++) {
        matched = some[i] == tag[matched] ? matched + 1 : some[i] == tag[0] ? 1 : 0;
        if (matched == tag.length) {
          found++;
          matched = 0;
        }
      }
    }
    return found;
  }
}
