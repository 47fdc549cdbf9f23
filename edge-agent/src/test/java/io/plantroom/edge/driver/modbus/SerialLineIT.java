package io.plantroom.edge.driver.modbus;

import static io.plantroom.edge.driver.modbus.RawModbusServer.addresses;
import static io.plantroom.edge.driver.modbus.RawModbusServer.word;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.plantroom.edge.TestDevices;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.ProtocolDriver;
import io.plantroom.edge.driver.RawValue;
import io.plantroom.profile.Point;
import io.plantroom.profile.Profile;
import io.plantroom.profile.Raw;
import io.plantroom.telemetry.Cause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RTU over a pseudo-terminal, at whose other end stand devices that do what a test says. */
class SerialLineIT {
  private static final Profile PROFILE = TestDevices.profile("test-meter");
  private static final List<Point> ALL = PROFILE.points();

  @TempDir Path folder;

  private final ModbusDrivers drivers = new ModbusDrivers(InstantSource.system());
  private final RawModbusServer devices;
  private Process socat = new ProcessBuilder("true").inheritIO().start();
  private Path line = Path.of("unset");

  SerialLineIT() throws IOException {
    devices = new RawModbusServer(RawModbusServer::addresses).rtu();
  }

  @BeforeEach
  void makeTheLine() throws IOException {
    line = folder.resolve("ttyTest");
    try {
      socat =
          new ProcessBuilder(
                  "socat", "PTY,link=" + line + ",raw,echo=0", "TCP:127.0.0.1:" + devices.port())
              .inheritIO()
              .start();
    } catch (IOException e) {
      if ("true".equals(System.getenv("CI"))) {
        throw e;
      }
      System.out.println("SKIPPED: needs socat");
      Assumptions.abort("needs socat");
    }
    await().until(() -> Files.exists(line));
  }

  @AfterEach
  void end() throws InterruptedException {
    drivers.close();
    socat.destroy();
    socat.waitFor();
    devices.close();
  }

  private ProtocolDriver unit(int unit) {
    String endpoint = "modbus-rtu://" + line + "?baud=9600&parity=none&stop-bits=1&unit=" + unit;
    return drivers.open(
        TestDevices.device("m" + unit, "test-meter", endpoint, Duration.ofSeconds(1)));
  }

  private static Raw energy(List<RawValue> values) {
    return Objects.requireNonNull(
        values.stream().filter(v -> v.point().equals("energy")).findFirst().orElseThrow().raw());
  }

  @Test
  void severalUnitsOnOneLineAreRead() throws Exception {
    ProtocolDriver three = unit(3);
    ProtocolDriver four = unit(4);
    for (int i = 0; i < 3; i++) {
      assertThat(energy(three.read(ALL))).isEqualTo(new Raw.Whole(10L << 16 | 11));
      assertThat(energy(four.read(ALL))).isEqualTo(new Raw.Whole(10L << 16 | 11));
    }
    assertThat(devices.requests()).extracting(r -> (int) r[6]).contains(3, 4);
  }

  @Test
  void aUnitThatIsSilentOrAnswersForAnotherIsNeverTakenAsGoodAndTheOthersGoOn() throws Exception {
    ProtocolDriver three = unit(3);
    ProtocolDriver four = unit(4);
    List<Point> one = List.of(PROFILE.point("power").orElseThrow());
    devices.answerWith(r -> r[6] == 3 ? new byte[0] : addresses(r));
    DriverException e = catchThrowableOfType(DriverException.class, () -> three.read(one));
    assertThat(e.reason()).isEqualTo(Cause.TIMEOUT);
    assertThat(four.read(one)).allMatch(v -> v.raw() != null);
    devices.answerWith(
        r -> {
          byte[] answer = addresses(r);
          answer[6] = 4;
          return answer;
        });
    assertThat(three.read(one)).extracting(RawValue::cause).containsOnly(Cause.INVALID_REPLY);
    assertThat(four.read(one)).allMatch(v -> v.raw() != null);
  }

  @Test
  void aLateAnswerIsNotTakenForThatToTheNextQuestion() throws Exception {
    ProtocolDriver three = unit(3);
    AtomicInteger late = new AtomicInteger(-1);
    List<Point> voltage = List.of(PROFILE.point("voltage").orElseThrow());
    List<Point> power = List.of(PROFILE.point("power").orElseThrow());
    devices.answerWith(
        r -> {
          // Slower than the timeout of half a second; the next question finds this on the line.
          await().pollDelay(Duration.ofMillis(700)).until(() -> true);
          late.set(word(r, 8));
          return addresses(r);
        });
    catchTimeout(three, voltage);
    await().until(() -> late.get() >= 0);
    devices.answerWith(RawModbusServer::addresses);
    await()
        .ignoreExceptions()
        .untilAsserted(
            () -> assertThat(three.read(power).get(0).raw()).isEqualTo(new Raw.Whole(3)));
    assertThat(late).as("the register that was asked for first").hasValue(0);
  }

  private static void catchTimeout(ProtocolDriver driver, List<Point> points) {
    DriverException e = catchThrowableOfType(DriverException.class, () -> driver.read(points));
    assertThat(e.reason()).isEqualTo(Cause.TIMEOUT);
  }

  @Test
  void aLineThatIsGoneIsSaidAndTakenUpAgain() throws Exception {
    ProtocolDriver three = unit(3);
    assertThat(three.read(ALL)).allMatch(v -> v.raw() != null);
    socat.destroy();
    socat.waitFor();
    await()
        .untilAsserted(
            () -> {
              DriverException e =
                  catchThrowableOfType(DriverException.class, () -> three.read(ALL));
              assertThat(e).isNotNull();
              assertThat(e.reason()).isEqualTo(Cause.NO_CONNECTION);
            });
    Files.deleteIfExists(line);
    makeTheLine();
    await()
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(three.read(ALL)).allMatch(v -> v.raw() != null));
  }
}
