package io.plantroom.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The wall clock is moved under the shipped agent, as by a dead battery or a wrong time server. */
@Tag("faults")
@Needs("gcc")
class ClockIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** What an agent that is asked to stop may not have brought to the hub yet. */
  private static final Duration UNSENT = Duration.ofSeconds(5);

  private static final String FUTURE =
      """
      SELECT count(*) FROM point_latest WHERE ts > now() + interval '10 minutes'""";

  private static final String BEFORE_2026 =
      """
      SELECT count(*) FROM point_latest WHERE ts < '2026-01-01'""";

  private static final String MENDED =
      """
      SELECT count(*) FROM telemetry WHERE clock_trusted AND ts BETWEEN '%s' AND '%s'""";

  @TempDir static Path data;
  private static DemoSystem system;
  private static Books books;
  private static WrongClock clock;

  @BeforeAll
  static void start() throws Exception {
    clock = new WrongClock(data.resolve("clock"));
    system = RunningSystem.start(data.resolve("system"));
    books = new Books(system);
    system.agent().close();
    clock.under(system.agent());
    system.agent().start();
    system.agent().awaitReady(PATIENCE);
  }

  @AfterAll
  static void stop() throws Exception {
    system.close();
  }

  @Test
  void aJumpOfTwoHoursIsMarkedAndLosesNothing() throws Exception {
    for (int hours : new int[] {2, -2}) {
      long before = books.telemetryMark();
      clock.set(Duration.ofHours(hours));
      awaitTrust(false);
      books.awaitProgressBeyond(before);
      assertThat(latestValuesInTheFuture()).as("after %s h", hours).isZero();
      clock.set(Duration.ZERO);
      awaitTrust(true);
    }
    books.awaitProgressBeyond(books.telemetryMark());
    books.awaitAgreement();
  }

  @Test
  void aGatewayThatStartsIn1970SendsItsSamplesWithTheTimeTheyShouldHaveHad() throws Exception {
    Instant closing = Instant.now();
    system.agent().close();
    // Everything new, also its certificate for OPC UA.
    Files.move(system.files().data().resolve("agent/data"), data.resolve("before-1970"));
    clock.set(Duration.between(Instant.now(), Instant.EPOCH));
    Instant began = Instant.now();
    books.allow(new Allowance.Span("put away with its disk", closing.minus(UNSENT), began));
    system.agent().start();
    system.agent().awaitReady(PATIENCE);
    await("it reads, and does not believe its clock")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              assertThat(books.status().get("clockTrusted").asBoolean()).isFalse();
              assertThat(books.status().get("at").asText()).startsWith("1970-01-01T");
              assertThat(books.status().get("samplesTold").asLong()).isGreaterThan(300);
            });
    Instant set = Instant.now();
    clock.set(Duration.ZERO);
    awaitTrust(true);
    books.awaitProgressBeyond(books.telemetryMark());
    books.awaitAgreement();
    DemoDatabase database = system.database();
    assertThat(HubQuery.number(database, BEFORE_2026)).as("latest values of 1970").isZero();
    String mended = MENDED.formatted(began, set);
    assertThat(HubQuery.number(database, mended)).as("samples of 1970 at their time").isPositive();
    await("all devices answer, those of OPC UA too")
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(books.status().get("devices"))
                    .allMatch(d -> d.get("online").asBoolean()));
  }

  private static void awaitTrust(boolean trusted) {
    await("the agent trusts its clock: " + trusted)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .untilAsserted(
            () -> assertThat(books.status().get("clockTrusted").asBoolean()).isEqualTo(trusted));
  }

  private static long latestValuesInTheFuture() throws Exception {
    return HubQuery.number(system.database(), FUTURE);
  }
}
