package io.plantroom.edge.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plantroom.device.Access;
import io.plantroom.yaml.YamlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
                + "access, endpoint, every, key, location, name, profile, serial",
            f + ":7: devices/1/key: device 'good' stands already at " + f + ":4",
            f
                + ":8: devices/1/profile: there is no profile 'eastron-sdm72'; there are eastron-sdm120, eastron-sdm630",
            f + ":11: devices/2/key: expected 1 to 63 of a-z, 0-9, . and -, got \"Bad Key\"",
            f + ":13: devices/2/endpoint: the profile speaks MODBUS, coap:// is COAP",
            f + ":14: devices/3: key is missing",
            f + ":16: devices/3/every: the profile allows one poll in 50ms, got 10ms",
            f + ":19: devices/4/endpoint: needs ?unit=0 to 255, got \"modbus-tcp://10.0.0.1:502\"",
            f
                + ":20: devices/4/every: expected a duration such as 500ms, 30s, 5m, 2h, got \"soon\"",
            f + ":21: devices/4/name: expected { zh: text, en: text }, got \"Meter\"",
            f
                + ":24: devices/5/endpoint: expected one of the schemes coap, coaps, modbus-rtu,"
                + " modbus-rtu-tcp, modbus-tcp, opc.tcp, got \"http://10.0.0.1:80\"");
  }

  @Test
  void aSerialLineIsABusAndItsParametersAreChecked() throws Exception {
    EdgeConfig config =
        load(
            """
            gateway: gw-1
            devices:
              - key: m1
                profile: eastron-sdm630
                endpoint: modbus-rtu:///dev/ttyUSB0?baud=9600&parity=even&stop-bits=1&unit=3
              - key: m2
                profile: eastron-sdm630
                endpoint: modbus-rtu:///dev/ttyUSB0?baud=9600&parity=even&unit=4&rs485=on
              - key: m3
                profile: eastron-sdm630
                endpoint: modbus-rtu:///dev/ttyUSB0?unit=5&parity=mark
              - key: m4
                profile: eastron-sdm630
                endpoint: modbus-rtu:///dev/ttyUSB0?unit=5&speed=9600
              - key: m5
                profile: eastron-sdm630
                endpoint: modbus-rtu://ttyUSB0:1?unit=5
            """);
    assertThat(config.devices())
        .extracting(DeviceConfig::bus)
        .containsExactly("modbus-rtu:///dev/ttyUSB0", "modbus-rtu:///dev/ttyUSB0");
    assertThat(config.problems())
        .hasSize(3)
        .satisfiesExactly(
            p ->
                assertThat(p)
                    .contains(":11: ")
                    .endsWith("must be none or even or odd, got \"mark\""),
            p -> assertThat(p).contains(":14: ").contains("a serial line has baud, parity, "),
            p -> assertThat(p).contains(":17: ").contains("needs the path of a serial line"));
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
  void secretsStandInFilesAndNowhereElse() throws Exception {
    EdgeConfig config =
        load(
            """
            gateway: gw-1
            devices:
              - key: lift-1
                profile: generic-lift
                endpoint: opc.tcp://user:secret@10.0.0.1:4840/plantroom?device=lift-1
              - key: lift-2
                profile: generic-lift
                endpoint: opc.tcp://10.0.0.1:4840/plantroom?device=lift-2
                access: { user: plantroom, password-file: lifts.password }
              - key: smoke-1
                profile: lwm2m-smoke
                endpoint: coaps://10.0.0.2:5684?device=smoke-1
                access: { identity: gw-1, key-file: smoke.key }
            """);
    String f = folder.resolve("edge.yaml").toString();
    assertThat(config.problems())
        .containsExactly(
            f
                + ":5: devices/0/endpoint: a user does not belong here; write"
                + " access: { user: name, password-file: file }");
    assertThat(config.devices())
        .extracting(DeviceConfig::access)
        .containsExactly(
            Access.user("plantroom", folder.resolve("lifts.password")),
            Access.preSharedKey("gw-1", folder.resolve("smoke.key")));
  }

  @Test
  void whatDoesNotBelongToTheProtocolIsNamed() throws Exception {
    EdgeConfig config =
        load(
            """
            gateway: gw-1
            devices:
              - key: a
                profile: generic-lift
                endpoint: opc.tcp://10.0.0.1:4840/plantroom?security=Basic512
              - key: b
                profile: generic-lift
                endpoint: opc.tcp://10.0.0.1:4840/plantroom?security=none
                access: { user: u, password-file: p }
              - key: c
                profile: generic-lift
                endpoint: opc.tcp://10.0.0.1:4840/plantroom?trust=all
                access: { user: u }
              - key: d
                profile: lwm2m-smoke
                endpoint: coaps://10.0.0.2:5684
              - key: e
                profile: lwm2m-smoke
                endpoint: coap://10.0.0.2:5683
                access: { identity: i, key-file: f }
              - key: f
                profile: lwm2m-smoke
                endpoint: coaps://10.0.0.2:5683
                access: { identity: i, key: f }
            """);
    assertThat(config.devices()).isEmpty();
    assertThat(config.problems().stream().map(p -> p.replaceFirst("^.*edge.yaml:", "")))
        .containsExactly(
            "5: devices/0/endpoint: security= is one of Basic256Sha256, Aes128_Sha256_RsaOaep,"
                + " Aes256_Sha256_RsaPss, Basic256, Basic128Rsa15, none, got \"Basic512\"",
            "9: devices/1/access: with security=none anybody on the way could read the password",
            "12: devices/2/endpoint: trust= is one of listed, first-use, got \"all\"",
            "13: devices/2/access: user and password-file go together",
            "14: devices/3: coaps:// needs access: { identity: name, key-file: file }",
            "20: devices/4/access: coap:// asks nobody who he is; only opc.tcp:// and coaps:// do",
            "24: devices/5/access: unknown key \"key\"; known here are identity, key-file");
  }
}
