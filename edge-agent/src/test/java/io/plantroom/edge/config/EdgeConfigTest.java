package io.plantroom.edge.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plantroom.yaml.YamlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EdgeConfigTest {
  @SuppressWarnings("NullAway.Init") // filled in by JUnit
  @TempDir
  Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private EdgeConfig load(String text) throws Exception {
    return EdgeConfig.load(file("edge.yaml", text));
  }

  private void refused(String text, String problem) throws IOException {
    Path file = file("edge.yaml", text);
    assertThatThrownBy(() -> EdgeConfig.load(file))
        .isInstanceOf(YamlException.class)
        .hasMessage(problem.replace("$", file.toString()));
  }

  @Test
  void theExampleIsRight() throws Exception {
    EdgeConfig config = EdgeConfig.load(Path.of("src/main/config/edge.example.yaml"));
    assertThat(config.problems()).isEmpty();
    assertThat(config.devices()).extracting(DeviceConfig::key).contains("meter-b1-01", "lift-1");
    assertThat(config.devices().get(0).every()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void pathsAreRelativeToTheFileAndDeviceFilesAreAdded() throws Exception {
    file(
        "more.yaml",
        """
        devices:
          - key: m2
            profile: eastron-sdm630
            endpoint: modbus-tcp://10.0.0.1:502?unit=2
        """);
    EdgeConfig config =
        load(
            """
            gateway: gw-1
            data: var/data
            device-files: [more.yaml]
            devices:
              - key: m1
                profile: eastron-sdm630
                endpoint: modbus-tcp://10.0.0.1:502?unit=1
                every: 2s
                name: { zh: 总表, en: Main }
            """);
    assertThat(config.data()).isEqualTo(folder.resolve("var/data"));
    assertThat(config.devices()).extracting(DeviceConfig::key).containsExactly("m1", "m2");
    assertThat(config.devices())
        .extracting(DeviceConfig::bus)
        .containsOnly("modbus-tcp://10.0.0.1:502");
    assertThat(config.devices().get(1).every()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void everythingThatIsWrongWithDevicesIsSaidAtOnceAndTheOthersStay() throws Exception {
    EdgeConfig config =
        load(
            """
            gateway: gw-1
            profile-folders: [PROFILES]
            devices:
              - key: good
                profile: eastron-sdm630
                endpoint: modbus-tcp://10.0.0.1:502?unit=1
              - key: good
                profile: eastron-sdm72
                endpoint: modbus-tcp://10.0.0.1:502?unit=1
                evry: 2s
              - key: Bad Key
                profile: eastron-sdm630
                endpoint: coap://10.0.0.1:5683
              - profile: test-meter
                endpoint: modbus-tcp://10.0.0.1:502?unit=1
                every: 10ms
              - key: no-unit
                profile: eastron-sdm630
                endpoint: modbus-tcp://10.0.0.1:502
                every: soon
                name: Meter
              - key: odd
                profile: eastron-sdm630
                endpoint: http://10.0.0.1:80
            """
                .replace("PROFILES", Path.of("src/test/resources/profiles").toAbsolutePath() + ""));
    String f = folder.resolve("edge.yaml").toString();
    assertThat(config.devices()).extracting(DeviceConfig::key).containsExactly("good");
    assertThat(config.problems())
        .containsExactly(
            f
                + ":10: devices/1/evry: unknown key; known here are "
                + "endpoint, every, key, location, name, profile, serial",
            f + ":7: devices/1/key: device 'good' stands already at " + f + ":4",
            f
                + ":8: devices/1/profile: there is no profile 'eastron-sdm72'; there are eastron-sdm630",
            f + ":11: devices/2/key: expected 1 to 63 of a-z, 0-9, . and -, got \"Bad Key\"",
            f + ":13: devices/2/endpoint: the profile speaks MODBUS, coap:// is COAP",
            f + ":14: devices/3: key is missing",
            f + ":16: devices/3/every: the profile allows one poll in 50ms, got 10ms",
            f + ":19: devices/4/endpoint: needs ?unit=0 to 255, got \"modbus-tcp://10.0.0.1:502\"",
            f
                + ":20: devices/4/every: expected a duration such as 500ms, 30s, 5m, 2h, got \"soon\"",
            f + ":21: devices/4/name: expected { zh: text, en: text }, got \"Meter\"",
            f
                + ":24: devices/5/endpoint: expected one of the schemes coap, modbus-rtu-tcp,"
                + " modbus-tcp, opc.tcp, got \"http://10.0.0.1:80\"");
  }

  @Test
  void aWrongStructureIsRefusedWithItsPlace() throws Exception {
    refused(
        "gateway: GW\n",
        "$:1: gateway: expected 2 to 63 of a-z, 0-9 and -, not beginning with -, got \"GW\"");
    refused("data: x\n", "$:1: gateway is missing: the code of this gateway");
    refused(
        "gateway: gw-1\nuplink:\n  url: http://h:80\n",
        "$:3: uplink/url: expected mqtts://host:port, got \"http://h:80\"");
    refused(
        "gateway: gw-1\nuplink:\n  url: mqtt://hub.example.com:1883\n",
        "$:3: uplink/url: mqtt:// without TLS is for this machine only; use mqtts://");
    refused(
        "gateway: gw-1\nuplink:\n  url: mqtts://hub.example.com:8883\n",
        "$:2: uplink: mqtts:// needs the PEM files trust, certificate and key");
    refused(
        "gateway: gw-1\nmanagement: { port: 70000 }\n",
        "$:2: management: expected a port from 0 to 65535, got 70000");
  }

  @Test
  void anUnknownKeyAndAMissingFileAreRefused() throws Exception {
    Path file = file("edge.yaml", "gateway: gw-1\ngatway: x\n");
    assertThatThrownBy(() -> EdgeConfig.load(file))
        .hasMessageStartingWith(file + ":2: gatway: unknown key; known here are ");
    assertThatThrownBy(() -> EdgeConfig.load(folder.resolve("none.yaml")))
        .hasMessage(folder.resolve("none.yaml") + ": this file does not exist");
    refused(
        "gateway: gw-1\ndevice-files: [gone.yaml]\n",
        folder.resolve("gone.yaml") + ": this file does not exist");
  }

  @Test
  void secretsInAnEndpointAreNotToldToAnybody() throws Exception {
    EdgeConfig config =
        load(
            """
            gateway: gw-1
            devices:
              - key: lift-1
                profile: generic-lift
                endpoint: opc.tcp://user:secret@10.0.0.1:4840/plantroom?device=lift-1
            """);
    assertThat(config.problems()).isEmpty();
    assertThat(List.of(config.devices().get(0).describe().toString()))
        .noneMatch(s -> s.contains("secret"))
        .allMatch(s -> s.contains("opc.tcp://10.0.0.1:4840/plantroom?device=lift-1"));
  }
}
