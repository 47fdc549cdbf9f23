package io.plantroom.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.plantroom.edge.Drivers;
import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.driver.DriverFactory;
import io.plantroom.edge.driver.ProtocolDriver;
import io.plantroom.edge.driver.RawValue;
import io.plantroom.edge.poll.Meaning;
import io.plantroom.profile.Profile;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.profile.ProfileLoader;
import io.plantroom.profile.Quantity;
import io.plantroom.simulator.ProfileServer;
import io.plantroom.telemetry.Value;
import io.plantroom.wire.Event;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs not written here read the simulators and are read by the agent. */
class OtherProgramsIT {
  private static final String COAP_CLIENT = "coap-client-notls";
  private static final String COAP_SERVER = "coap-server-notls";
  private static final String PYTHON = "/usr/bin/python3";

  @TempDir Path folder;

  @Test
  @Needs(value = PYTHON, pythonModule = "pymodbus.server")
  void pymodbusReadsTheSimulatedMeter() throws Exception {
    Profile meter = profile("eastron-sdm630");
    try (ProfileServer server =
        ProfileServer.serve(
            meter,
            "meter-1",
            Map.of(
                "voltage-l1", new Quantity.Analog(230.5),
                "energy-import", new Quantity.Counter(new java.math.BigDecimal("12345.5"))))) {
      String said =
          python(
              """
              import sys
              from pymodbus.client import ModbusTcpClient
              from pymodbus.payload import BinaryPayloadDecoder
              from pymodbus.constants import Endian
              client = ModbusTcpClient('127.0.0.1', port=int(sys.argv[1]))
              assert client.connect()
              def number(at):
                  answer = client.read_input_registers(at, 2, slave=1)
                  assert not answer.isError(), answer
                  return BinaryPayloadDecoder.fromRegisters(answer.registers, byteorder=Endian.Big, wordorder=Endian.Big).decode_32bit_float()
              print(number(0x0000), number(0x0048))
              print(client.read_input_registers(0x4000, 2, slave=1))
              client.close()
              """,
              String.valueOf(server.endpoint().getPort()));
      assertThat(said).startsWith("230.5 12345.5").contains("Exception").contains("IllegalAddress");
    }
  }

  @Test
  @Needs(value = PYTHON, pythonModule = "pymodbus.server")
  void theAgentReadsAPymodbusServer() throws Exception {
    int port = Ports.free();
    Path script = folder.resolve("server.py");
    Files.writeString(
        script,
        """
        import sys, struct
        from pymodbus.server import StartTcpServer
        from pymodbus.datastore import ModbusSequentialDataBlock, ModbusSlaveContext, ModbusServerContext
        words = [0] * 400
        def put(at, number):
            words[at:at + 2] = struct.unpack('>HH', struct.pack('>f', number))
        put(0x0000, 231.25)
        put(0x0048, 777.25)
        # zero_mode: the block begins at the address on the wire.
        unit = ModbusSlaveContext(ir=ModbusSequentialDataBlock(0, words), zero_mode=True)
        StartTcpServer(context=ModbusServerContext(slaves={7: unit}, single=False), address=('127.0.0.1', int(sys.argv[1])))
        """);
    Process server = start(PYTHON, script.toString(), String.valueOf(port));
    try {
      await("pymodbus answers")
          .atMost(Duration.ofSeconds(20))
          .ignoreExceptions()
          .untilAsserted(
              () -> {
                URI endpoint = URI.create("modbus-tcp://127.0.0.1:" + port + "?unit=7");
                Profile meter = profile("eastron-sdm630");
                assertThat(read(meter, endpoint, "voltage-l1")).isEqualTo(new Value.Analog(231.25));
                assertThat(read(meter, endpoint, "energy-import"))
                    .isEqualTo(new Value.Counter(new java.math.BigDecimal("777.25")));
              });
    } finally {
      end(server);
    }
  }

  @Test
  @Needs(COAP_CLIENT)
  void libcoapReadsTheSimulatedSensor() throws Exception {
    try (ProfileServer server =
        ProfileServer.serve(
            profile("lwm2m-temperature"),
            "temperature-1",
            Map.of("temperature", new Quantity.Analog(21.5)))) {
      String base = "coap://127.0.0.1:" + server.endpoint().getPort();
      String found = run(Programs.find(COAP_CLIENT), "-m", "get", base + "/.well-known/core");
      assertThat(found).contains("</temperature-1/3303/0/5700>");
      String said =
          run(Programs.find(COAP_CLIENT), "-m", "get", base + "/temperature-1/3303/0/5700");
      assertThat(said).contains("\"v\":21.5");
    }
  }

  @Test
  @Needs({COAP_CLIENT, COAP_SERVER})
  void theAgentReadsALibcoapServer() throws Exception {
    int port = Ports.free();
    Process server =
        start(
            Programs.find(COAP_SERVER), "-A", "127.0.0.1", "-p", String.valueOf(port), "-d", "10");
    try {
      Profile sensor =
          ProfileLoader.parse(
              "other.yaml",
              """
              profile: other-sensor
              maker: Other
              model: Sensor
              category: sensor
              protocol: coap
              name: { zh: 传感器, en: Sensor }
              source: libcoap's example server
              verified: false
              points:
                - name: temperature
                  title: { zh: 温度, en: Temperature }
                  kind: analog
                  unit: Cel
                  coap: { path: /room/temperature, observe: false }
              """);
      await("libcoap's server answers")
          .atMost(Duration.ofSeconds(20))
          .ignoreExceptions()
          .untilAsserted(
              () -> {
                String uri = "coap://127.0.0.1:" + port + "/room/temperature";
                run(
                    Programs.find(COAP_CLIENT),
                    "-m",
                    "put",
                    "-t",
                    "text/plain",
                    "-e",
                    "22.75",
                    "-B",
                    "3",
                    uri);
                assertThat(read(sensor, URI.create("coap://127.0.0.1:" + port), "temperature"))
                    .isEqualTo(new Value.Analog(22.75));
              });
    } finally {
      end(server);
    }
  }

  private static Profile profile(String id) {
    return ProfileCatalog.builtIn().find(id).orElseThrow();
  }

  private @Nullable Value read(Profile profile, URI endpoint, String point) throws Exception {
    Map<String, DriverFactory> drivers = Drivers.all(folder, InstantSource.system());
    try {
      DeviceConfig device =
          new DeviceConfig(
              "device-1",
              profile,
              endpoint,
              Duration.ofSeconds(1),
              new Event.LocalName("设备", "Device"),
              null,
              null);
      DriverFactory factory = Objects.requireNonNull(drivers.get(endpoint.getScheme()));
      try (ProtocolDriver driver = factory.open(device)) {
        var wanted = profile.point(point).orElseThrow();
        RawValue value = driver.read(List.of(wanted)).get(0);
        return Meaning.sample("device-1", wanted, value, true).value();
      }
    } finally {
      drivers.values().stream().distinct().forEach(DriverFactory::close);
    }
  }

  private String python(String script, String argument) throws Exception {
    Path file = folder.resolve("client.py");
    Files.writeString(file, script);
    return run(PYTHON, file.toString(), argument);
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(said).isTrue();
    return said;
  }

  private static Process start(String... command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static void end(Process process) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(5, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
