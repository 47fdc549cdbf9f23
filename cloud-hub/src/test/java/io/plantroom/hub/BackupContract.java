package io.plantroom.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import io.plantroom.hub.database.Database;
import io.plantroom.telemetry.Lane;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import io.plantroom.wire.Event;
import io.plantroom.wire.Frame;
import io.plantroom.wire.FrameHeader;
import io.plantroom.wire.Receipt;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What an operator gets back from a backup, on every kind of database. */
abstract class BackupContract {
  /** Every table that somebody would miss, as text that does not depend on the order of rows. */
  private static final String FINGERPRINT =
      """
      SELECT string_agg(t || ':' || n || ':' || coalesce(h, ''), ' ' ORDER BY t) FROM (
        SELECT 'telemetry' t, count(*) n, md5(string_agg(x::text, '|' ORDER BY x::text)) h FROM telemetry x
        UNION ALL SELECT 'state', count(*), md5(string_agg(x::text, '|' ORDER BY x::text)) FROM telemetry_state x
        UNION ALL SELECT 'register', count(*), md5(string_agg(x::text, '|' ORDER BY x::text)) FROM register_sample x
        UNION ALL SELECT '1m', count(*), md5(string_agg(x::text, '|' ORDER BY x::text)) FROM rollup_1m x
        UNION ALL SELECT '15m', count(*), md5(string_agg(x::text, '|' ORDER BY x::text)) FROM rollup_15m x
        UNION ALL SELECT '1h', count(*), md5(string_agg(x::text, '|' ORDER BY x::text)) FROM rollup_1h x
        UNION ALL SELECT '1d', count(*), md5(string_agg(x::text, '|' ORDER BY x::text)) FROM rollup_1d x
        UNION ALL SELECT 'state 1h', count(*), md5(string_agg(x::text, '|' ORDER BY x::text)) FROM rollup_state_1h x
        UNION ALL SELECT 'alarm', count(*), md5(string_agg(x::text, '|' ORDER BY x::text)) FROM alarm x
        UNION ALL SELECT 'order', count(*), md5(string_agg(x::text, '|' ORDER BY x::text)) FROM work_order x
        UNION ALL SELECT 'reading', count(*), md5(string_agg(x::text, '|' ORDER BY x::text)) FROM reading x
        UNION ALL SELECT 'mark', count(*), md5(string_agg(x::text, '|' ORDER BY x::text)) FROM ingest_watermark x
        UNION ALL SELECT 'account', count(*), md5(string_agg(x::text, '|' ORDER BY x::text)) FROM account x) s""";

  private final Instant noon =
      Instant.now().minus(Duration.ofDays(40)).truncatedTo(ChronoUnit.DAYS).plusSeconds(43_200);

  @TempDir Path folder = Path.of(".");

  /** A new, empty database. */
  abstract DatabaseConfig database();

  /** What the command line said, and its exit code. */
  record Said(int code, String text) {}

  final Said run(DatabaseConfig database, String command, Path file) throws Exception {
    Path config = folder.resolve("hub-" + UUID.randomUUID() + ".yaml");
    Files.writeString(
        config,
        """
        http: {host: 127.0.0.1, port: 0}
        management: {host: 127.0.0.1, port: 0}
        database: {url: "%s", user: "%s", password: "%s"}
        organisation: organisation.yaml
        admin-password-file: admin-password
        """
            .formatted(
                database.url(),
                database.user(),
                database.password() == null ? "" : database.password()));
    StringWriter said = new StringWriter();
    PrintWriter writer = new PrintWriter(said);
    CommandLine line = CloudHubMain.commandLine().setOut(writer).setErr(writer);
    int code = line.execute(command, "--config", config.toString(), file.toString());
    writer.flush();
    return new Said(code, said.toString());
  }

  /** Key files stay where they were, as an operator would keep them. */
  final TestHub start(DatabaseConfig database) throws Exception {
    return new TestHub(folder, database, InstantSource.system());
  }

  /** Numbers of two months, states and texts with awkward characters, registers, an alarm. */
  final void fill(TestHub hub) throws Exception {
    hub.introduce("gw-a");
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      Instant at = noon.plus(Duration.ofHours(3L * i));
      samples.add(Sample.good("pump-1", "pressure", at, new Value.Analog(Math.sqrt(i) / 3)));
      samples.add(
          Sample.good(
              "meter-1",
              "energy_import",
              at,
              new Value.Counter(new BigDecimal("123456789012.340").add(BigDecimal.valueOf(i)))));
    }
    samples.add(Sample.good("pump-1", "note", noon, new Value.Text("一\t号\n\\泵 \"x\"")));
    samples.add(Sample.good("pump-1", "state", noon, new Value.State(3)));
    hub.samples("gw-a", samples);
    Event raised =
        new Event.AlarmChange(
            noon, true, UUID.randomUUID(), "pump-1", "dry-run", Event.Change.RAISED, "flow", "0");
    hub.events("gw-a", raised);
  }

  static String fingerprint(TestHub hub) {
    return hub.hub()
        .database()
        .jdbi()
        .withHandle(h -> h.createQuery(FINGERPRINT).mapTo(String.class).one());
  }

  @Test
  void everythingIsAsItWasAndTheGatewayGoesOnWhereItStood() throws Exception {
    DatabaseConfig from = database();
    DatabaseConfig to = database();
    Path file = folder.resolve("hub.backup");
    String before;
    FrameHeader last;
    try (TestHub hub = start(from)) {
      fill(hub);
      last = new FrameHeader("gw-b", Lane.TELEMETRY, 5, 1, 1, 1, 0);
      hub.frame(new Frame.Telemetry(last, List.of(number(noon, 1))));
      hub.rollUp();
      assertThat(hub.count("SELECT count(DISTINCT date_trunc('month', bucket)) FROM rollup_1m"))
          .as("minutes lie in partitions of more than one month")
          .isGreaterThan(1);
      before = fingerprint(hub);
      Said said = run(from, "backup", file);
      assertThat(said.code()).as(said.text()).isZero();
      hub.frame(new Frame.Telemetry(next(last), List.of(number(noon.plusSeconds(1), 2))));
    }

    Said said = run(to, "restore", file);

    assertThat(said.code()).as(said.text()).isZero();
    assertThat(said.text()).contains("telemetry: 301 rows, the same in the database");
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    try (TestHub hub = start(to)) {
      assertThat(fingerprint(hub)).isEqualTo(before);
      Receipt again = hub.frame(new Frame.Telemetry(last, List.of(number(noon, 1))));
      assertThat(again.watermark()).as("what stands already is not stored again").isEqualTo(1);
      hub.frame(new Frame.Telemetry(next(last), List.of(number(noon.plusSeconds(1), 2))));
      hub.everySampleIsAccountedFor();
      hub.rollUp();
      assertThat(
              hub.count(
                  "SELECT max(n) FROM rollup_1m JOIN point p ON p.id = point_id JOIN device d"
                      + " ON d.id = p.device_id WHERE d.key = 'pump-9'"))
          .as("rollups go on where they were")
          .isEqualTo(2);
      assertThat(hub.count("SELECT count(*) FROM restored")).isEqualTo(1);
      assertThat(hub.count("SELECT count(*) FROM audit WHERE action = 'database.restore'"))
          .isEqualTo(1);
    }
  }

  @Test
  void whatTheGatewayDeletedAfterTheBackupIsAGapThatIsWrittenDown() throws Exception {
    DatabaseConfig from = database();
    DatabaseConfig to = database();
    Path file = folder.resolve("hub.backup");
    FrameHeader first = new FrameHeader("gw-b", Lane.TELEMETRY, 5, 1, 1, 1, 0);
    try (TestHub hub = start(from)) {
      hub.frame(new Frame.Telemetry(first, List.of(number(noon, 1))));
      assertThat(run(from, "backup", file).code()).isZero();
    }
    assertThat(run(to, "restore", file).code()).isZero();
    try (TestHub hub = start(to)) {
      // Records 2 to 9 were committed in the lost database, so the gateway has them no more.
      FrameHeader later = new FrameHeader("gw-b", Lane.TELEMETRY, 5, 10, 1, 10, 0);
      Receipt receipt =
          hub.frame(new Frame.Telemetry(later, List.of(number(noon.plusSeconds(9), 1))));

      assertThat(receipt.watermark()).isEqualTo(10);
      assertThat(hub.count("SELECT to_seq - from_seq + 1 FROM ingest_gap WHERE reason = 'lost'"))
          .isEqualTo(8);
      hub.everySampleIsAccountedFor();
    }
  }

  @Test
  void noReadingGetsANumberThatABillingSystemMayHaveSeen() throws Exception {
    DatabaseConfig from = database();
    DatabaseConfig to = database();
    Path file = folder.resolve("hub.backup");
    String cursor;
    try (TestHub hub = start(from)) {
      fill(hub);
      read(hub, noon);
      assertThat(run(from, "backup", file).code()).isZero();
      read(hub, noon.plusSeconds(3_600));
      cursor = hub.admin().get("/readings?limit=1000").json().get("cursor").asText();
    }
    assertThat(run(to, "restore", file).code()).isZero();
    try (TestHub hub = start(to)) {
      read(hub, noon.plusSeconds(7_200));

      JsonNode page = hub.admin().get("/readings?after=" + cursor).json();

      assertThat(page.get("items"))
          .as("what is accepted after the restore comes behind every cursor of before")
          .anySatisfy(
              r ->
                  assertThat(Instant.parse(r.get("at").asText()))
                      .isEqualTo(noon.plusSeconds(7_200)));
    }
  }

  @Test
  void aDamagedOrHalfFileChangesNothing() throws Exception {
    DatabaseConfig from = database();
    DatabaseConfig to = database();
    Path file = folder.resolve("hub.backup");
    try (TestHub hub = start(from)) {
      fill(hub);
    }
    assertThat(run(from, "backup", file).code()).isZero();
    byte[] whole = Files.readAllBytes(file);
    Path half = Files.write(folder.resolve("half"), Arrays.copyOf(whole, 900));
    whole[whole.length / 2] ^= 4;
    Path flipped = Files.write(folder.resolve("flipped"), whole);

    assertThat(run(to, "restore", half))
        .satisfies(s -> assertThat(s.code()).isEqualTo(1))
        .satisfies(s -> assertThat(s.text()).contains("is no whole backup"));
    assertThat(run(to, "check-backup", flipped))
        .satisfies(s -> assertThat(s.code()).isEqualTo(1))
        .satisfies(s -> assertThat(s.text()).contains("flipped"));
    assertThat(run(to, "restore", flipped).code()).isEqualTo(1);
    assertThat(run(from, "backup", file).text()).contains("never replaces another");
    assertThat(run(from, "restore", file).text()).contains("the database is not empty");
    assertThat(run(to, "restore", file).code()).as("after all of that").isZero();
  }

  @Test
  void aBackupOfAnOlderReleaseIsRestoredAndThenMigrated() throws Exception {
    DatabaseConfig from = database();
    DatabaseConfig to = database();
    Path file = folder.resolve("hub.backup");
    try (Database old = Database.openAt(from, "7")) {
      Jdbi jdbi = old.jdbi();
      jdbi.useHandle(
          h -> {
            h.execute(
                """
                INSERT INTO org_node (id, kind, name_zh, name_en, time_zone, position)
                VALUES ('site-a', 'site', '甲', 'A', 'Asia/Shanghai', 1)""");
            h.execute(
                """
                INSERT INTO gateway (code, site_id, name_zh, name_en)
                VALUES ('gw-a', 'site-a', '甲', 'A')""");
            h.execute("SELECT ensure_partition(DATE '2025-03-09')");
            h.execute(
                """
                INSERT INTO telemetry (ts, value, point_id, quality, cause, clock_trusted)
                VALUES ('2025-03-09 10:00Z', 1.5, 1, 0, 0, true)""");
          });
    }
    assertThat(run(from, "backup", file).code()).isZero();

    Said said = run(to, "restore", file);

    assertThat(said.code()).as(said.text()).isZero();
    try (TestHub hub = start(to)) {
      assertThat(hub.count("SELECT count(*) FROM telemetry WHERE value = 1.5")).isEqualTo(1);
      assertThat(hub.count("SELECT count(*) FROM gateway WHERE code = 'gw-a'")).isEqualTo(1);
      assertThat(
              hub.count(
                  "SELECT count(*) FROM information_schema.tables WHERE table_name = 'restored'"))
          .isEqualTo(1);
    }
  }

  private static void read(TestHub hub, Instant at) throws Exception {
    JsonNode meters = hub.admin().get("/meters").json();
    String id = meters.at("/0/registers/0/id").asText();
    ApiClient.Answer answer =
        hub.admin()
            .post(
                "/readings",
                "{\"registerId\":\"%s\",\"at\":\"%s\",\"value\":\"12.5\",\"reason\":\"read by eye\"}"
                    .formatted(id, at));
    assertThat(answer.status()).as(answer.response().body()).isLessThan(300);
  }

  private static Sample number(Instant at, double value) {
    return Sample.good("pump-9", "pressure", at, new Value.Analog(value));
  }

  private static FrameHeader next(FrameHeader h) {
    return new FrameHeader(
        h.gateway(), h.lane(), h.epoch(), h.lastSequence() + 1, 1, h.lastSequence() + 1, 0);
  }
}
