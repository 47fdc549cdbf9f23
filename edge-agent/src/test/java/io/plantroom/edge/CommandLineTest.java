package io.plantroom.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.plantroom.edge.config.EdgeConfig;
import io.plantroom.edge.health.ManagementServer;
import io.plantroom.simulator.Options;
import io.plantroom.simulator.SimulatedBuilding;
import io.vertx.core.Vertx;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands, at servers that speak the protocols. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandLineTest {
  @TempDir static Path folder = Path.of(".");
  private SimulatedBuilding building;
  private URI meter = URI.create("modbus-tcp://127.0.0.1:502?unit=1");
  private Path config = Path.of("edge.yaml");

  /** What a command said. */
  private record Said(int code, String out, String err) {}

  @BeforeAll
  void start() throws Exception {
    building = SimulatedBuilding.start(Options.shipped());
    String key =
        building.devices().stream()
            .filter(d -> d.profile().profile().equals("eastron-sdm630"))
            .findFirst()
            .orElseThrow()
            .key();
    meter = building.endpoint(key);
    config =
        Files.writeString(
            folder.resolve("edge.yaml"),
            """
            gateway: gw-1
            outbox: { flush: 100ms }
            devices:
              - key: meter-1
                profile: eastron-sdm630
                endpoint: "%s"
                name: { zh: 一号表, en: Meter 1 }
              - key: gone
                profile: eastron-sdm630
                endpoint: "modbus-tcp://127.0.0.2:1?unit=1"
            """
                .formatted(meter));
  }

  @AfterAll
  void stop() {
    building.close();
  }

  private static Said say(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = EdgeAgentMain.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    String[] words = List.of(args).stream().map(String::valueOf).toArray(String[]::new);
    int code = line.execute(words);
    return new Said(code, out.toString(), err.toString());
  }

  @Test
  void theHelpNamesEveryCommandInBothLanguages() {
    assertThat(say("--help").out())
        .contains(
            "scan",
            "read",
            "write",
            "watch",
            "check",
            "configure",
            "sheet",
            "status",
            "backlog",
            "password")
        .contains("采集代理");
    assertThat(say("scan", "--help").out()).contains("--units", "扫描", "--hosts");
  }

  @Test
  void aCheckLooksAtTheHubsDevicesSerialLinesAndCommandsToo() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("lines.yaml"),
            """
            gateway: gw-1
            data: lines-data
            commands:
              allow:
                - { device: from-hub, points: [bus-setpoint] }
                - { device: ghost, points: [bus-setpoint] }
            devices:
              - { key: a, profile: eastron-sdm630, endpoint: "modbus-rtu:///dev/ttyS9?unit=1" }
              - { key: b, profile: eastron-sdm630, endpoint: "modbus-rtu:///dev/ttyS9?unit=2&baud=9600" }
              - { key: c, profile: eastron-sdm630, endpoint: "modbus-rtu:///dev/ttyS9?unit=3&baud=19200" }
            """);
    Path desired = Files.createDirectories(folder.resolve("lines-data/desired"));
    Files.writeString(
        desired.resolve("good.yaml"),
        """
        devices:
          - { key: from-hub, profile: grundfos-cim-pump, endpoint: "modbus-tcp://127.0.0.1:1?unit=1" }
          - { key: lost, profile: no-such-model, endpoint: "modbus-tcp://127.0.0.1:1?unit=2" }
        """);

    Said said = say("check", "-c", file);

    assertThat(said.code()).isEqualTo(1);
    assertThat(said.err().lines())
        .hasSize(3)
        .anyMatch(l -> l.contains("good.yaml:3") && l.contains("no-such-model"))
        .anyMatch(l -> l.contains("device 'c': baud 19200 on a line that device 'a' drives"))
        .anyMatch(l -> l.contains("there is no device 'ghost'"));
    assertThat(said.out()).contains("4 devices with the hub's configuration ", "3 problems");
  }

  @Test
  void aDeviceIsReadByProfileAndEndpointAloneInChinese() {
    Said said = say("read", "-p", "eastron-sdm630", "-e", meter, "--lang", "zh");

    assertThat(said.code()).isZero();
    assertThat(said.out()).contains("原始值", "input-register 0 ", "GOOD");
  }

  @Test
  void aDeviceThatDoesNotAnswerIsNamedWithTheReason() {
    Said said = say("read", "-c", config, "-d", "gone");

    assertThat(said.code()).isEqualTo(1);
    assertThat(said.err()).contains("gone: NO_CONNECTION");
  }

  @Test
  void aWrongEndpointIsNamedInTheUsersWords() {
    Said said = say("read", "-p", "eastron-sdm630", "-e", "modbus-tcp://h:502");

    assertThat(said.code()).isEqualTo(2);
    assertThat(said.err()).startsWith("endpoint: needs ?unit=0 to 255");
  }

  @Test
  void watchShowsAValueOnceUntilItChanges() {
    Said said =
        say("watch", "-c", config, "-d", "meter-1", "--every", 100, "--count", 2, "--lang", "en");

    assertThat(said.code()).isZero();
    assertThat(said.out().lines().filter(l -> l.contains("  serial-number"))).hasSizeLessThan(2);
    assertThat(said.out().lines().count()).isPositive();
  }

  @Test
  void aScanFindsTheUnitsThatAnswerAndSaysHowWellAModelFits() {
    String line = meter.toString().replaceAll("\\?.*", "");
    String unit = meter.toString().replaceAll(".*unit=", "");
    String units = unit + ",247";

    Said said = say("scan", line, "--units", units, "-p", "eastron-sdm630", "--lang", "en");

    assertThat(said.code()).isZero();
    assertThat(said.out()).contains(line + "?unit=" + unit).contains("eastron-sdm630 ");
    assertThat(said.out()).doesNotContain("unit=247").contains("1 of 2 units answered");
  }

  @Test
  void aScanOverHostsSkipsThoseWhereNobodyListens() {
    Said said =
        say(
            "scan",
            "modbus-tcp://HOST:" + meter.getPort(),
            "--hosts",
            "127.0.0.1,127.0.0.2-3",
            "--units",
            meter.toString().replaceAll(".*unit=", ""),
            "--lang",
            "en");

    assertThat(said.out()).contains("127.0.0.1:" + meter.getPort()).contains("of 3 units answered");
    assertThat(say("scan", "modbus-tcp://h:1", "--units", "1-300").err()).contains("0 to 255");
    assertThat(say("scan", "modbus-tcp://h:1", "--hosts", "10.0.0.0/8").err()).contains("/20");
  }

  @Test
  void aTableOfDevicesBecomesAConfigurationThatLoads() throws Exception {
    Path table = folder.resolve("devices.csv");
    Files.writeString(
        table,
        """
        标识,型号,地址,周期,名称,位置,表号
        m-1,eastron-sdm630,modbus-tcp://192.0.2.7:502?unit=1,5s,一号表,"地下, 一层",SN: 1
        m-2,eastron-sdm630,modbus-tcp://192.0.2.7:502?unit=2,,,,
        """,
        Charset.forName("GB18030"));
    Path made = folder.resolve("devices.yaml");

    assertThat(say("configure", table, "--out", made).code()).isZero();

    Path edge =
        Files.writeString(
            folder.resolve("made.yaml"), "gateway: gw-1\ndevice-files: [devices.yaml]\n");
    EdgeConfig loaded = EdgeConfig.load(edge);
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.devices()).hasSize(2);
    assertThat(loaded.devices().get(0).name().zh()).isEqualTo("一号表");
    assertThat(loaded.devices().get(0).serial()).isEqualTo("SN: 1");
  }

  @Test
  void mistakesInASpreadsheetAreNamedByRowAndColumn() throws Exception {
    Path table = folder.resolve("devices.xlsx");
    try (OutputStream out = Files.newOutputStream(table);
        Workbook book = new Workbook(out, "test", "1.0")) {
      Worksheet sheet = book.newWorksheet("设备");
      String[][] cells = {
        {"key", "profile", "endpoint", "every"},
        {"m-1", "eastron-sdm630", "modbus-tcp://192.0.2.7:502?unit=1", "5s"},
        {},
        {"m-1", "eastron-sdm631", "modbus-tcp://192.0.2.7:502", "5 s"},
      };
      for (int r = 0; r < cells.length; r++) {
        for (int c = 0; c < cells[r].length; c++) {
          sheet.value(r, c, cells[r][c]);
        }
      }
    }

    Said said = say("configure", table);

    assertThat(said.code()).isEqualTo(1);
    assertThat(said.err())
        .contains("devices.xlsx: row 4, column A (key): device 'm-1' stands already at row 2")
        .contains("devices.xlsx: row 4, column B (profile): there is no profile 'eastron-sdm631'")
        .contains("devices.xlsx: row 4, column D (every): expected a duration");
  }

  @Test
  void theSheetHoldsEachPointAndRoomToSignAndNamesWhoDidNotAnswer() throws Exception {
    Path html = folder.resolve("sheet.html");
    Path csv = folder.resolve("sheet.csv");

    assertThat(say("sheet", "-c", config, "-o", html, "--lang", "zh").code()).isEqualTo(1);
    assertThat(say("sheet", "-c", config, "-d", "meter-1", "-o", csv, "--lang", "en").code())
        .isZero();

    assertThat(Files.readString(html))
        .contains("一号表", "调试人 / 日期", "无应答: NO_CONNECTION", "input-register 0 ");
    assertThat(Files.readString(csv, StandardCharsets.UTF_8))
        .startsWith("\ufeffDevice,Point,Title")
        .contains("\"meter-1\",\"");
  }

  @Test
  void theRunningAgentTellsLinksAndBacklog() throws Exception {
    Vertx vertx = Vertx.vertx();
    try (EdgeAgent agent =
        new EdgeAgent(EdgeConfig.load(config), InstantSource.system(), e -> {})) {
      int port =
          ManagementServer.start(vertx, agent, new EdgeConfig.Management("127.0.0.1", 0))
              .toCompletionStage()
              .toCompletableFuture()
              .get(10, TimeUnit.SECONDS)
              .actualPort();
      String url = "http://127.0.0.1:" + port;

      assertThat(say("status", "--url", url, "--lang", "en").out())
          .contains("meter-1", "no uplink is configured");
      assertThat(say("backlog", "--url", url, "--lang", "zh").out()).contains("积压", "telemetry");
      assertThat(say("status", "--url", "http://127.0.0.1:1").code()).isEqualTo(2);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }
}
