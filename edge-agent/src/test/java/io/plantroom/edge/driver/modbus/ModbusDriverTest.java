package io.plantroom.edge.driver.modbus;

import static io.plantroom.edge.driver.modbus.RawModbusServer.addresses;
import static io.plantroom.edge.driver.modbus.RawModbusServer.exception;
import static io.plantroom.edge.driver.modbus.RawModbusServer.reply;
import static io.plantroom.edge.driver.modbus.RawModbusServer.word;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.plantroom.edge.TestDevices;
import io.plantroom.edge.driver.AskingDriver;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.ProtocolDriver;
import io.plantroom.edge.driver.RawValue;
import io.plantroom.edge.driver.WritingDriver;
import io.plantroom.profile.Point;
import io.plantroom.profile.Profile;
import io.plantroom.profile.ProfileLoader;
import io.plantroom.profile.Raw;
import io.plantroom.telemetry.Cause;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ModbusDriverTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Profile PROFILE = TestDevices.profile("test-meter");
  private static final List<Point> ALL = PROFILE.points();

  private final ModbusDrivers drivers = new ModbusDrivers(InstantSource.fixed(NOON));

  @AfterEach
  void close() {
    drivers.close();
  }

  private ProtocolDriver driver(int port) {
    return driver("modbus-tcp", port, 7);
  }

  private ProtocolDriver driver(String scheme, int port, int unit) {
    return drivers.open(
        TestDevices.device(
            "m" + unit,
            "test-meter",
            scheme + "://127.0.0.1:" + port + "?unit=" + unit,
            Duration.ofSeconds(1)));
  }

  private static Raw raw(List<RawValue> values, String point) {
    return Objects.requireNonNull(
        values.stream().filter(v -> v.point().equals(point)).findFirst().orElseThrow().raw());
  }

  private static Cause cause(List<RawValue> values, String point) {
    return values.stream().filter(v -> v.point().equals(point)).findFirst().orElseThrow().cause();
  }

  @Test
  void neighboursAreReadInOneRequestAndFarOnesInTheirOwn() throws Exception {
    try (RawModbusServer server = new RawModbusServer(RawModbusServer::addresses)) {
      List<RawValue> values = driver(server.port()).read(ALL);
      assertThat(values).extracting(RawValue::point).containsExactlyElementsOf(names());
      assertThat(raw(values, "voltage")).isEqualTo(new Raw.Whole(0));
      assertThat(raw(values, "power")).isEqualTo(new Raw.Whole(3));
      assertThat(raw(values, "energy")).isEqualTo(new Raw.Whole(10L << 16 | 11));
      assertThat(raw(values, "running")).isEqualTo(new Raw.Whole(0));
      assertThat(raw(values, "contact")).isEqualTo(new Raw.Whole(1));
      assertThat(values).allSatisfy(v -> assertThat(v.at()).isEqualTo(NOON));
      // Registers 0 and 3 are joined over the gap of 2; 10 and 40 are too far, coils are apart.
      assertThat(server.requests()).hasSize(4);
    }
  }

  private static List<String> names() {
    return ALL.stream().map(Point::name).toList();
  }

  @Test
  void aRefusedBlockIsSplitOnceAndOnlyTheBadPointStaysBad() throws Exception {
    Function<byte[], byte[]> lacksRegister3 =
        r ->
            r[7] == 3 && word(r, 8) <= 3 && word(r, 8) + word(r, 10) > 3
                ? exception(r, 2)
                : addresses(r);
    try (RawModbusServer server = new RawModbusServer(lacksRegister3)) {
      ProtocolDriver driver = driver(server.port());
      List<RawValue> values = driver.read(ALL);
      assertThat(raw(values, "voltage")).isEqualTo(new Raw.Whole(0));
      assertThat(cause(values, "power")).isEqualTo(Cause.DEVICE_EXCEPTION);
      assertThat(cause(values, "energy")).isEqualTo(Cause.NONE);
      int first = server.requests().size();
      driver.read(ALL);
      assertThat(server.requests().size() - first).as("the split is remembered").isEqualTo(5);
    }
  }

  static Stream<Arguments> nonsense() {
    return Stream.of(
        Arguments.of("another unit", answer(r -> r[6] = 9)),
        Arguments.of("protocol id 1", answer(r -> r[3] = 1)),
        Arguments.of("one register fewer", answer(r -> {}, -2)),
        Arguments.of("one register more", answer(r -> {}, 2)),
        Arguments.of("no register at all", (Function<byte[], byte[]>) r -> reply(r, new byte[0])));
  }

  private interface Spoil {
    void spoil(byte[] answer);
  }

  private static Function<byte[], byte[]> answer(Spoil spoil) {
    return answer(spoil, 0);
  }

  private static Function<byte[], byte[]> answer(Spoil spoil, int more) {
    return r -> {
      byte[] answer =
          more == 0 ? addresses(r) : reply(r, new byte[Math.max(0, word(r, 10) * 2 + more)]);
      spoil.spoil(answer);
      return answer;
    };
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("nonsense")
  void anAnswerThatDoesNotFitTheQuestionIsNeverTakenAsGood(
      String what, Function<byte[], byte[]> nonsense) throws Exception {
    try (RawModbusServer server = new RawModbusServer(nonsense)) {
      ProtocolDriver driver = driver(server.port());
      List<Point> one = ALL.subList(0, 1);
      assertThat(driver.read(one)).extracting(RawValue::cause).containsOnly(Cause.INVALID_REPLY);
      server.answerWith(RawModbusServer::addresses);
      assertThat(driver.read(one)).as("and then it is well again").allMatch(v -> v.raw() != null);
      assertThat(server.connections()).as("on a connection of its own").isEqualTo(2);
    }
  }

  @Test
  void aSilentDeviceCostsOneTimeout() throws Exception {
    try (RawModbusServer server = new RawModbusServer(r -> new byte[0])) {
      ProtocolDriver driver = driver(server.port());
      long before = System.nanoTime();
      DriverException e = catchThrowableOfType(DriverException.class, () -> driver.read(ALL));
      Duration took = Duration.ofNanos(System.nanoTime() - before);
      assertThat(e.reason()).isEqualTo(Cause.TIMEOUT);
      assertThat(took).isBetween(Duration.ofMillis(400), Duration.ofMillis(1500));
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void aClosedPortIsNoConnectionAndComesBack() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    ProtocolDriver driver = driver(port);
    DriverException e = catchThrowableOfType(DriverException.class, () -> driver.read(ALL));
    assertThat(e.reason()).isEqualTo(Cause.NO_CONNECTION);
  }

  @Test
  void aHostileLengthDoesNotEscapeTheDriver() throws IOException {
    byte[] hostile = {0, 1, 0, 0, (byte) 0xFF, (byte) 0xFF, 7, 3, (byte) 0xFF};
    try (RawModbusServer server = new RawModbusServer(r -> hostile)) {
      ProtocolDriver driver = driver(server.port());
      try {
        assertThat(driver.read(ALL)).allMatch(v -> v.raw() == null);
      } catch (DriverException e) {
        assertThat(e.reason()).isIn(Cause.TIMEOUT, Cause.INVALID_REPLY, Cause.NO_CONNECTION);
      }
    }
  }

  @Test
  void aRefusalKeepsTheConnection() throws Exception {
    try (RawModbusServer server = new RawModbusServer(r -> exception(r, 4))) {
      ProtocolDriver driver = driver(server.port());
      driver.read(ALL);
      assertThat(driver.read(ALL)).allMatch(v -> v.cause() == Cause.DEVICE_EXCEPTION);
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void aDeviceThatClosesAfterEachAnswerIsRead() throws Exception {
    try (RawModbusServer server = new RawModbusServer(RawModbusServer::addresses)) {
      server.closeAfterAnswer();
      ProtocolDriver driver = driver(server.port());
      for (int i = 0; i < 5; i++) {
        assertThat(driver.read(ALL)).allMatch(v -> v.raw() != null);
      }
    }
  }

  @Test
  void aLateAnswerOfOneUnitIsNotTakenForThatOfAnother() throws Exception {
    AtomicReference<byte[]> late = new AtomicReference<>(new byte[0]);
    Function<byte[], byte[]> answers =
        r -> {
          if (r[6] == 1) {
            late.set(reply(r, new byte[word(r, 10) * 2]));
            return new byte[0];
          }
          return concat(late.getAndSet(new byte[0]), addresses(r));
        };
    try (RawModbusServer server = new RawModbusServer(answers)) {
      ProtocolDriver silent = driver("modbus-tcp", server.port(), 1);
      ProtocolDriver well = driver("modbus-tcp", server.port(), 2);
      List<Point> energy = List.of(PROFILE.point("energy").orElseThrow());
      assertThat(raw(well.read(energy), "energy")).isEqualTo(new Raw.Whole(10L << 16 | 11));
      assertThatThrownBy(() -> silent.read(energy)).isInstanceOf(DriverException.class);
      assertThat(raw(well.read(energy), "energy")).isEqualTo(new Raw.Whole(10L << 16 | 11));
      assertThat(server.connections()).as("the well one does not lose it").isEqualTo(1);
    }
  }

  @Test
  void bytesNobodyAskedForCloseTheConnection() throws Exception {
    Function<byte[], byte[]> twice = r -> concat(addresses(r), addresses(r));
    try (RawModbusServer server = new RawModbusServer(twice)) {
      ProtocolDriver driver = driver(server.port());
      List<Point> one = ALL.subList(0, 1);
      driver.read(one);
      server.answerWith(RawModbusServer::addresses);
      await()
          .untilAsserted(
              () -> {
                assertThat(driver.read(one)).allMatch(v -> v.raw() != null);
                assertThat(server.connections()).isEqualTo(2);
              });
    }
  }

  @Test
  void rtuOverTcpIsReadAndAWrongChecksumOrUnitNeverTakenAsGood() throws Exception {
    try (RawModbusServer server = new RawModbusServer(RawModbusServer::addresses).rtu()) {
      ProtocolDriver driver = driver("modbus-rtu-tcp", server.port(), 7);
      assertThat(raw(driver.read(ALL), "energy")).isEqualTo(new Raw.Whole(10L << 16 | 11));
      server.answerWith(
          r -> {
            byte[] other = addresses(r);
            other[6] = 9;
            return other;
          });
      List<Point> one = ALL.subList(0, 1);
      assertThat(driver.read(one)).extracting(RawValue::cause).containsOnly(Cause.INVALID_REPLY);
      server.answerWith(r -> exception(r, 2));
      assertThat(driver.read(one)).extracting(RawValue::cause).containsOnly(Cause.DEVICE_EXCEPTION);
      server.answerWith(r -> new byte[0]);
      assertThatThrownBy(() -> driver.read(one)).isInstanceOf(DriverException.class);
      server.answerWith(RawModbusServer::addresses);
      assertThat(driver.read(ALL)).allMatch(v -> v.raw() != null);
      assertThat(server.connections()).as("anew after the stranger and the silence").isEqualTo(3);
    }
  }

  @Test
  void pointsAreWrittenByTheFunctionThatFitsThem() throws Exception {
    try (RawModbusServer server = new RawModbusServer(RawModbusServer::addresses)) {
      WritingDriver driver = (WritingDriver) driver(server.port());
      driver.write(PROFILE.point("power").orElseThrow(), new Raw.Whole(-2));
      driver.write(PROFILE.point("energy").orElseThrow(), new Raw.Whole(0x10002));
      driver.write(PROFILE.point("contact").orElseThrow(), new Raw.Whole(1));
      assertThat(server.requests())
          .extracting(r -> HexFormat.of().formatHex(r, 7, r.length))
          .containsExactly("060003fffe", "10000a00020400010002", "050005ff00");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> driver.write(PROFILE.point("running").orElseThrow(), new Raw.Whole(1)));
      server.answerWith(r -> exception(r, 3));
      DriverException e =
          catchThrowableOfType(
              DriverException.class,
              () -> driver.write(PROFILE.point("power").orElseThrow(), new Raw.Whole(1)));
      assertThat(e.reason()).isEqualTo(Cause.DEVICE_EXCEPTION);
    }
  }

  @Test
  void aModelMayWantSinglePointsWrittenByTheFunctionsForSeveral() throws Exception {
    Profile model =
        ProfileLoader.parse(
            "box.yaml",
            """
            profile: box
            maker: Acme
            model: Box
            category: pump
            protocol: modbus
            name: { zh: 盒, en: Box }
            source: made for this test
            verified: false
            points:
              - name: speed
                title: { zh: 转速, en: Speed }
                kind: analog
                unit: "%"
                modbus: { table: holding-register, register: 3, type: uint16 }
                writable: { min: 0, max: 100, function: multiple }
              - name: run
                title: { zh: 运行, en: Run }
                kind: state
                modbus: { table: coil, register: 5, type: bit }
                states: [{ code: 0, title: { zh: 停, en: Stop } }, { code: 1, title: { zh: 开, en: Run } }]
                writable: { states: [0, 1], function: multiple }
            """);
    try (RawModbusServer server = new RawModbusServer(RawModbusServer::addresses)) {
      WritingDriver driver = (WritingDriver) driver(server.port());
      driver.write(model.point("speed").orElseThrow(), new Raw.Whole(7));
      driver.write(model.point("run").orElseThrow(), new Raw.Whole(1));
      assertThat(server.requests())
          .extracting(r -> HexFormat.of().formatHex(r, 7, r.length))
          .containsExactly("1000030001020007", "0f000500010101");
    }
  }

  @Test
  void aHundredSilentDevicesNeedNoThreadEach() throws Exception {
    List<ServerSocket> silent = new ArrayList<>();
    try (RawModbusServer server = new RawModbusServer(RawModbusServer::addresses)) {
      List<CompletableFuture<List<RawValue>>> asked = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        // Connections are taken by the system, and nobody ever reads from them.
        ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        silent.add(socket);
        asked.add(((AskingDriver) driver(socket.getLocalPort())).ask(ALL));
      }
      assertThat(driver(server.port()).read(ALL)).allMatch(v -> v.raw() != null);
      assertThat(Thread.getAllStackTraces().keySet())
          .extracting(Thread::getName)
          .filteredOn(n -> n.startsWith("modbus"))
          // One, and perhaps what other tests in this process have left behind.
          .hasSizeLessThan(10);
      for (CompletableFuture<List<RawValue>> a : asked) {
        assertThat(a).failsWithin(Duration.ofSeconds(20));
      }
    } finally {
      for (ServerSocket s : silent) {
        s.close();
      }
    }
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
