package io.plantroom.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The wall clock is moved under the shipped agent, as by a dead battery or a wrong time server. */
@Needs(ClockIT.LIBFAKETIME)
@Tag("faults")
class ClockIT {
  static final String LIBFAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Under the library each look at the clock reads a file, and a start looks very often. */
  private static final Duration SLOW_START = Duration.ofMinutes(4);

  private static final String FUTURE =
      """
      SELECT count(*) FROM point_latest WHERE ts > now() + interval '10 minutes'""";

  @TempDir static Path data;
  private static DemoSystem system;
  private static Books books;
  private static Path offset;

  @BeforeAll
  static void start() throws Exception {
    offset = data.resolve("offset");
    Files.writeString(offset, "+0");
    system = RunningSystem.start(data.resolve("system"));
    books = new Books(system);
    system.agent().close();
    system
        .agent()
        .with("LD_PRELOAD", LIBFAKETIME)
        .with("DONT_FAKE_MONOTONIC", "1")
        .with("FAKETIME_NO_CACHE", "1")
        .with("FAKETIME_TIMESTAMP_FILE", offset.toString())
        .start();
    system.agent().awaitReady(SLOW_START);
  }

  @AfterAll
  static void stop() throws Exception {
    system.close();
  }

  @Test
  void aJumpOfTwoHoursIsMarkedAndLosesNothing() throws Exception {
    for (String jump : new String[] {"+2h", "-2h"}) {
      long before = books.telemetryMark();
      Files.writeString(offset, jump);
      awaitTrust(false);
      books.awaitProgressBeyond(before);
      assertThat(latestValuesInTheFuture()).as("after %s", jump).isZero();
      Files.writeString(offset, "+0");
      awaitTrust(true);
    }
    books.awaitProgressBeyond(books.telemetryMark());
    books.awaitAgreement();
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
    DemoDatabase database = system.database();
    try (Connection connection =
            DriverManager.getConnection(database.url(), database.user(), database.password());
        Statement statement = connection.createStatement();
        ResultSet r = statement.executeQuery(FUTURE)) {
      r.next();
      return r.getLong(1);
    }
  }
}
