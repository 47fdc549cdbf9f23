package io.plantroom.simulator.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ghgande.j2mod.modbus.ModbusException;
import com.ghgande.j2mod.modbus.ModbusSlaveException;
import com.ghgande.j2mod.modbus.facade.ModbusTCPMaster;
import com.ghgande.j2mod.modbus.procimg.InputRegister;
import com.ghgande.j2mod.modbus.procimg.SimpleRegister;
import io.plantroom.profile.Point;
import io.plantroom.profile.PointAddress;
import io.plantroom.profile.Quantity;
import io.plantroom.profile.RegisterCodec;
import io.plantroom.profile.RegisterTable;
import io.plantroom.simulator.HandClock;
import io.plantroom.simulator.ProfileServer;
import io.plantroom.simulator.SimulatedBuilding;
import io.plantroom.simulator.TestSite;
import io.plantroom.simulator.device.Answering;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ModbusServerTest {
  private static final Map<String, Quantity> VALUES =
      Map.of(
          "voltage", new Quantity.Analog(231.5),
          "power", new Quantity.Analog(-70000),
          "energy", new Quantity.Counter(new BigDecimal("123456.78")),
          "starts", new Quantity.Counter(new BigDecimal("300")),
          "running", new Quantity.State(1),
          "mode", new Quantity.State(5),
          "tripped", new Quantity.State(1),
          "spare", new Quantity.State(1));

  private ProfileServer server;
  private ModbusTCPMaster master;

  @BeforeEach
  void serve() throws Exception {
    server = ProfileServer.serve(TestSite.profile("test-meter"), "meter-1", VALUES);
    assertThat(server.endpoint().toString()).matches("modbus-tcp://127\\.0\\.0\\.1:\\d+\\?unit=1");
    master = master(server.endpoint().getPort(), 3000);
  }

  @AfterEach
  void stop() {
    master.disconnect();
    server.close();
  }

  @Test
  void floatsComeHighWordFirstAndOthersAsTheirPointSays() throws Exception {
    assertThat(Float.intBitsToFloat(pair(words(100, 2), 0, 1))).isEqualTo(231.5f);
    int[] power = words(102, 2);
    assertThat(pair(power, 1, 0)).isEqualTo(-70000);
    int[] energy = words(110, 2);
    assertThat(pair(energy, 1, 0)).isEqualTo(12345678);
  }

  @Test
  void bitsOfOneRegisterAreTogether() throws Exception {
    int word = master.readMultipleRegisters(1, 7, 1)[0].getValue();
    assertThat(word).isEqualTo(1 << 6 | 5 << 8);
  }

  @Test
  void aTableOfBitsIsPackedLowestFirst() throws Exception {
    assertThat(master.readInputDiscretes(1, 3, 7).toString()).startsWith("100000");
    assertThat(master.readInputDiscretes(1, 3, 7).getBit(6)).isTrue();
    assertThat(master.readInputDiscretes(1, 4, 5).getBit(0)).isFalse();
  }

  @Test
  void holesBetweenPointsAreZeroAndOutsideThereIsNothing() throws Exception {
    assertThat(words(104, 6)).containsOnly(0);
    assertThat(words(100, 14)[13]).isEqualTo(300);
    assertRefused(2, () -> words(99, 1));
    assertRefused(2, () -> words(113, 2));
    assertRefused(2, () -> Arrays.toString(master.readMultipleRegisters(1, 100, 1)));
  }

  @Test
  void aValueMayBeReadByHalves() throws Exception {
    int[] both = words(110, 2);
    assertThat(words(110, 1)).containsExactly(both[0]);
    assertThat(words(111, 1)).containsExactly(both[1]);
  }

  @Test
  void moreRegistersThanTheModelBearsAreRefused() {
    assertRefused(3, () -> words(100, 61));
  }

  @Test
  void writingIsRefused() {
    assertRefused(1, () -> master.writeSingleRegister(1, 7, new SimpleRegister(1)));
  }

  @Test
  void aUnitThatIsNotThereIsSaidByTheGateway() {
    assertRefused(11, () -> master.readInputRegisters(9, 100, 1));
  }

  @Test
  void aBrokenDeviceSaysSo() {
    server.answer(Answering.EXCEPTION);
    assertRefused(4, () -> words(100, 1));
  }

  @Test
  void aSlowDeviceAnswersLate() throws Exception {
    server.answer(Answering.SLOW);
    long begin = System.nanoTime();
    assertThat(words(113, 1)).containsExactly(300);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(650));
  }

  @Test
  void aHangingUnitLeavesTheOthersOfItsConnectionAlone() throws Exception {
    HandClock clock = new HandClock(TestSite.SINCE.plusSeconds(3600));
    try (SimulatedBuilding building =
        SimulatedBuilding.start(TestSite.options().withClock(clock))) {
      building.show("meter-1", "hang", true);
      try (Socket socket =
          new Socket(InetAddress.getLoopbackAddress(), building.port("modbus-1"))) {
        socket.setSoTimeout(5000);
        socket.getOutputStream().write(request(1, 1));
        socket.getOutputStream().write(request(2, 2));
        byte[] answer = socket.getInputStream().readNBytes(9);
        assertThat(answer[1]).as("transaction").isEqualTo((byte) 2);
        assertThat(answer[6]).as("unit").isEqualTo((byte) 2);
        assertThat(answer[7]).as("function").isEqualTo((byte) 4);
      }
      building.show("meter-1", "hang", false);
      ModbusTCPMaster other = master(building.port("modbus-1"), 3000);
      assertThat(other.readInputRegisters(1, 100, 2)).hasSize(2);
      other.disconnect();
    }
  }

  @Test
  void theRegistersSayWhatThePlaySays() throws Exception {
    HandClock clock = new HandClock(TestSite.SINCE.plus(Duration.ofHours(50)));
    try (SimulatedBuilding building =
        SimulatedBuilding.start(TestSite.options().withClock(clock))) {
      ModbusTCPMaster reader = master(building.port("modbus-1"), 3000);
      for (Point point : TestSite.profile("test-meter").points()) {
        PointAddress.Modbus at = (PointAddress.Modbus) point.address();
        if (at.table().holdsBits()) {
          continue;
        }
        int n = at.registers();
        int[] words =
            ints(
                at.table() == RegisterTable.INPUT_REGISTER
                    ? reader.readInputRegisters(2, at.register(), n)
                    : reader.readMultipleRegisters(2, at.register(), n));
        Quantity read = point.quantity(RegisterCodec.decode(at, words, 0));
        Quantity played = building.device("meter-2").now().of(point).orElseThrow();
        if (played instanceof Quantity.Analog analog) {
          double least = point.name().equals("power") ? 0.5 : 0.001;
          assertThat(((Quantity.Analog) read).value())
              .isBetween(analog.value() - least, analog.value() + least);
        } else {
          assertThat(read).as(point.name()).isEqualTo(played);
        }
      }
      reader.disconnect();
    }
  }

  private int[] words(int from, int count) throws ModbusException {
    return ints(master.readInputRegisters(1, from, count));
  }

  private static int[] ints(InputRegister[] registers) {
    return Arrays.stream(registers).mapToInt(InputRegister::getValue).toArray();
  }

  private static int pair(int[] words, int high, int low) {
    return words[high] << 16 | words[low];
  }

  private static byte[] request(int transaction, int unit) {
    return ByteBuffer.allocate(12)
        .putShort((short) transaction)
        .putShort((short) 0)
        .putShort((short) 6)
        .put((byte) unit)
        .put((byte) 4)
        .putShort((short) 100)
        .putShort((short) 2)
        .array();
  }

  private static ModbusTCPMaster master(int port, int timeoutMillis) throws Exception {
    ModbusTCPMaster master = new ModbusTCPMaster("127.0.0.1", port, timeoutMillis, true);
    master.setRetries(1);
    master.connect();
    return master;
  }

  private interface Request {
    Object send() throws ModbusException;
  }

  private static void assertRefused(int code, Request request) {
    assertThatThrownBy(request::send)
        .isInstanceOfSatisfying(
            ModbusSlaveException.class, e -> assertThat(e.getType()).isEqualTo(code));
  }
}
