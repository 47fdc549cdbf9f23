package io.plantroom.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.plantroom.profile.ProfileCatalog;
import io.plantroom.simulator.Options;
import io.plantroom.simulator.SimulatedBuilding;
import io.plantroom.simulator.device.Write;
import io.plantroom.yaml.YamlFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Writing by hand, at servers that speak the protocols. */
class WriteCommandTest {
  private static final String BUILDING =
      """
      site: { zh: 试验楼, en: Test building }
      buses:
        modbus: { protocol: modbus, port: 0 }
      devices:
        - { key: vrf-1, profile: coolmasternet-vrf, bus: modbus, unit: 1, name: { zh: 多联机, en: VRF }, location: { zh: 机房, en: Plant room } }
        - { key: fire-1, profile: notifier-modbus-gw, bus: modbus, unit: 2, name: { zh: 消防, en: Fire }, location: { zh: 机房, en: Plant room } }
      """;

  @SuppressWarnings("NullAway.Init") // filled in by JUnit
  @TempDir
  Path folder;

  @SuppressWarnings("NullAway.Init") // made before each test
  private SimulatedBuilding building;

  @SuppressWarnings("NullAway.Init") // made before each test
  private Path config;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void start() throws Exception {
    building =
        SimulatedBuilding.start(
            Options.of(YamlFile.parse("building.yaml", BUILDING), ProfileCatalog.builtIn()));
    config =
        Files.writeString(
            folder.resolve("edge.yaml"),
            """
            gateway: gw-1
            data: data
            commands:
              allow:
                - { device: vrf-1, points: [u1-on, u1-setpoint] }
            devices:
              - { key: vrf-1, profile: coolmasternet-vrf, endpoint: "%s" }
              - { key: fire-1, profile: notifier-modbus-gw, endpoint: "%s" }
              - { key: shy, profile: coolmasternet-vrf, endpoint: "%s" }
            """
                .formatted(
                    building.endpoint("vrf-1"),
                    building.endpoint("fire-1"),
                    building.endpoint("vrf-1")));
  }

  @AfterEach
  void stop() {
    building.close();
  }

  private int write(String device, String point, String value, String... more) {
    CommandLine line = EdgeAgentMain.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    List<String> words =
        new java.util.ArrayList<>(
            List.of("write", "-c", config.toString(), "-d", device, point, value));
    words.addAll(List.of(more));
    return line.execute(words.toArray(String[]::new));
  }

  private List<String> noted() throws Exception {
    Path log = folder.resolve("data/writes-by-hand.jsonl");
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }

  @Test
  void aPointIsSetReadBackAndNotedBeforeAndAfter() throws Exception {
    assertThat(write("vrf-1", "u1-setpoint", "23.5", "--yes", "--lang", "en"))
        .as("%s", err)
        .isZero();

    assertThat(out.toString())
        .containsPattern("u1-setpoint .* 23.5 +23.5 +°C +done")
        .contains("The hub does not hear of this");
    assertThat(building.device("vrf-1").writes())
        .extracting(Write::value)
        .usingElementComparator(BigDecimal::compareTo)
        .containsExactly(new BigDecimal("23.5"));
    assertThat(noted()).hasSize(2);
    assertThat(noted().get(0)).contains("\"stage\":\"writing\"", "\"value\":\"23.5\"", "\"by\"");
    assertThat(noted().get(1)).contains("\"stage\":\"done\"", "\"after\":\"23.5\"");
  }

  @Test
  void withoutYesItIsOnlyShownWhatWouldBeWritten() throws Exception {
    assertThat(write("vrf-1", "u1-on", "0", "--lang", "zh")).isEqualTo(1);

    assertThat(out.toString()).contains("写入前", "未写入：需加 --yes");
    assertThat(building.device("vrf-1").writes()).isEmpty();
    assertThat(noted()).isEmpty();
  }

  @Test
  void fireReadOnlyPointsBoundsAndWhatTheSiteDoesNotAllowAreRefused() throws Exception {
    assertThat(write("fire-1", "system-normal", "1", "--yes", "--lang", "en")).isEqualTo(2);
    assertThat(err.toString()).contains("fire equipment is only listened to");
    assertThat(write("vrf-1", "u1-filter", "1", "--yes", "--lang", "en")).isEqualTo(2);
    assertThat(err.toString()).contains("does not say that the point may be written");
    assertThat(write("vrf-1", "u1-setpoint", "99", "--yes", "--lang", "zh")).isEqualTo(2);
    assertThat(err.toString()).contains("超出允许范围");
    assertThat(write("vrf-1", "no-such", "1", "--yes", "--lang", "en")).isEqualTo(2);
    assertThat(err.toString()).contains("no such point");
    assertThat(write("shy", "u1-setpoint", "23.5", "--yes", "--lang", "en")).isEqualTo(2);
    assertThat(err.toString()).contains("configuration does not allow this point");

    assertThat(building.device("vrf-1").writes()).isEmpty();
    assertThat(noted()).isEmpty();
  }

  @Test
  void aDeviceThatReportsAnErrorFailsAndIsNotedSo() throws Exception {
    building.show("vrf-1", "exception", true);

    assertThat(write("vrf-1", "u1-setpoint", "23.5", "--yes", "--lang", "en")).isEqualTo(1);

    assertThat(out.toString()).contains("failed: the device refused");
    assertThat(noted()).hasSize(2);
    assertThat(noted().get(1)).contains("\"stage\":\"failed\"");
    assertThat(building.device("vrf-1").writes()).isEmpty();
  }

  @Test
  void whatCannotBeNotedIsNotWritten() throws Exception {
    Files.createDirectories(folder.resolve("data/writes-by-hand.jsonl"));

    assertThat(write("vrf-1", "u1-setpoint", "23.5", "--yes", "--lang", "en")).isEqualTo(1);

    assertThat(err.toString()).contains("disk cannot remember it, so it was not written");
    assertThat(building.device("vrf-1").writes()).isEmpty();
  }
}
