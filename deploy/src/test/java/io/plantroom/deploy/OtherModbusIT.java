package io.plantroom.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.driver.ProtocolDriver;
import io.plantroom.edge.driver.RawValue;
import io.plantroom.edge.driver.modbus.ModbusDrivers;
import io.plantroom.edge.poll.Meaning;
import io.plantroom.profile.Profile;
import io.plantroom.profile.ProfileLoader;
import io.plantroom.telemetry.Cause;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import io.plantroom.wire.Event;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pymodbus as a device with awkward registers: over TCP, over RTU in TCP, and on a serial line. */
class OtherModbusIT {
  private static final String PYTHON = "/usr/bin/python3";

  /** All forms at once; a slow answer and an exception included. */
  private static final String SERVER =
      """
      import sys, struct, time
      from pymodbus.datastore import ModbusSequentialDataBlock, ModbusSlaveContext, ModbusServerContext
      from pymodbus.transaction import ModbusRtuFramer, ModbusSocketFramer
      from pymodbus.server import StartTcpServer, StartSerialServer
      class Slow(ModbusSequentialDataBlock):
          def getValues(self, address, count=1):
              if address == 40: time.sleep(0.4)
              return super().getValues(address, count)
          def validate(self, address, count=1):
              return super().validate(address, count) and not (address <= 50 < address + count)
      words = [0] * 100
      words[0:2] = struct.unpack('>HH', struct.pack('>f', 231.25))
      words[2:4] = reversed(struct.unpack('>HH', struct.pack('>f', 231.25)))
      words[4:6] = struct.unpack('<HH', struct.pack('>f', 231.25))
      words[6:8] = [0x1234, 0x5678]
      words[8:12] = struct.unpack('>HHHH', struct.pack('>Q', 2**63 + 1))
      words[12:16] = struct.unpack('>HHHH', struct.pack('>d', -0.125))
      words[16:20] = struct.unpack('>HHHH', b'SN-0042\\0')
      words[20:22] = [0xFFFE, 2]
      words[22:23] = [0b0110_0000]
      words[40] = 7
      unit = ModbusSlaveContext(hr=Slow(0, words), ir=Slow(0, words), co=ModbusSequentialDataBlock(0, [False, True]), di=ModbusSequentialDataBlock(0, [True, False]), zero_mode=True)
      context = ModbusServerContext(slaves={3: unit, 4: unit}, single=False)
      if sys.argv[1] == 'serial':
          StartSerialServer(context=context, port=sys.argv[2], framer=ModbusRtuFramer, baudrate=9600)
      else:
          StartTcpServer(context=context, framer=ModbusRtuFramer if sys.argv[1] == 'rtu' else ModbusSocketFramer, address=('127.0.0.1', int(sys.argv[2])))
      """;

  private static final String PROFILE =
      """
      profile: other-awkward
      maker: Other
      model: Awkward
      category: electricity-meter
      protocol: modbus
      name: { zh: 表, en: Meter }
      source: made for tests
      verified: false
      limits: { bridge-gap: 10, timeout: 2s }
      points:
      """
          + point("plain", "analog", "holding-register", "register: 0, type: float32", "")
          + point(
              "low",
              "analog",
              "holding-register",
              "register: 2, type: float32, words: low-first",
              "")
          + point(
              "bytes",
              "analog",
              "holding-register",
              "register: 4, type: float32, bytes: low-first",
              "")
          + point(
              "digits", "counter", "holding-register", "register: 6, type: bcd32", "scale: 0.01")
          + point("large", "counter", "input-register", "register: 8, type: uint64", "")
          + point("double", "analog", "input-register", "register: 12, type: float64", "")
          + point("serial", "text", "holding-register", "register: 16, type: text, length: 4", "")
          + point(
              "level",
              "analog",
              "holding-register",
              "register: 20, type: int16",
              "scale-by: [{ point: decimals, as: decimals }]")
          + point("decimals", "analog", "holding-register", "register: 21, type: uint16", "")
          + point(
              "field",
              "analog",
              "holding-register",
              "register: 22, type: uint16, bits: { from: 5, to: 7 }",
              "")
          + point("slow", "analog", "holding-register", "register: 40, type: uint16", "")
          + point("refused", "analog", "holding-register", "register: 50, type: uint16", "")
          + point("coil", "analog", "coil", "register: 1, type: bit", "")
          + point("input", "analog", "discrete-input", "register: 0, type: bit", "");

  @TempDir Path folder;

  private static String point(String name, String kind, String table, String at, String more) {
    return "  - { name: %s, title: { zh: 点, en: P }, kind: %s, %s modbus: { table: %s, %s }%s }%n"
        .formatted(
            name,
            kind,
            kind.equals("text") ? "" : "unit: \"1\",",
            table,
            at,
            more.isEmpty() ? "" : ", " + more);
  }

  @Test
  @Needs(value = PYTHON, pythonModule = "pymodbus.server")
  void awkwardRegistersAreReadOverTcp() throws Exception {
    int port = Ports.free();
    reads("tcp", String.valueOf(port), "modbus-tcp://127.0.0.1:" + port + "?unit=3");
  }

  @Test
  @Needs(value = PYTHON, pythonModule = "pymodbus.server")
  void awkwardRegistersAreReadOverRtuInTcp() throws Exception {
    int port = Ports.free();
    reads("rtu", String.valueOf(port), "modbus-rtu-tcp://127.0.0.1:" + port + "?unit=3");
  }

  @Test
  @Needs(
      value = {PYTHON, "socat"},
      pythonModule = "pymodbus.server, serial_asyncio")
  void awkwardRegistersAreReadOnASerialLine() throws Exception {
    Path ours = folder.resolve("ttyAgent");
    Path theirs = folder.resolve("ttyDevice");
    Process socat = start("socat", "PTY,raw,echo=0,link=" + ours, "PTY,raw,echo=0,link=" + theirs);
    try {
      await().until(() -> Files.exists(ours) && Files.exists(theirs));
      reads("serial", theirs.toString(), "modbus-rtu://" + ours + "?baud=9600&unit=3");
    } finally {
      end(socat);
    }
  }

  private void reads(String kind, String where, String endpoint) throws Exception {
    Profile profile = ProfileLoader.parse("awkward.yaml", PROFILE);
    Path script = Files.writeString(folder.resolve("server.py"), SERVER);
    Process server = start(PYTHON, script.toString(), kind, where);
    DeviceConfig device =
        new DeviceConfig(
            "device-1",
            profile,
            URI.create(endpoint),
            Duration.ofSeconds(1),
            new Event.LocalName("设备", "Device"),
            null,
            null);
    try (ModbusDrivers drivers = new ModbusDrivers(InstantSource.system());
        ProtocolDriver driver = drivers.open(device)) {
      await("pymodbus answers")
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptions()
          .untilAsserted(() -> check(device, driver));
    } finally {
      end(server);
    }
  }

  private static void check(DeviceConfig device, ProtocolDriver driver) throws Exception {
    List<RawValue> values = driver.read(device.profile().points());
    Map<String, Sample> samples = new HashMap<>();
    Meaning.samples(device, device.profile().points(), values, true, new HashMap<>())
        .forEach(s -> samples.put(s.point(), s));
    Map<String, Object> seen = new HashMap<>();
    samples.forEach((name, s) -> seen.put(name, s.value() == null ? s.cause() : s.value()));
    assertThat(seen)
        .containsEntry("plain", new Value.Analog(231.25))
        .containsEntry("low", new Value.Analog(231.25))
        .containsEntry("bytes", new Value.Analog(231.25))
        .containsEntry("digits", new Value.Counter(new BigDecimal("123456.78")))
        .containsEntry("large", new Value.Counter(new BigDecimal("9223372036854775809")))
        .containsEntry("double", new Value.Analog(-0.125))
        .containsEntry("serial", new Value.Text("SN-0042"))
        .containsEntry("level", new Value.Analog(-0.02))
        .containsEntry("field", new Value.Analog(3))
        .containsEntry("slow", new Value.Analog(7))
        .containsEntry("refused", Cause.DEVICE_EXCEPTION)
        .containsEntry("coil", new Value.Analog(1))
        .containsEntry("input", new Value.Analog(1));
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
