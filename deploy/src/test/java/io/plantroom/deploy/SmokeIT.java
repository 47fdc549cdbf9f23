package io.plantroom.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way of the data, on the shipped jars. */
class SmokeIT {
  @TempDir static Path data;
  private static DemoSystem system;

  @BeforeAll
  static void start() throws Exception {
    system = RunningSystem.demo(data);
  }

  @AfterAll
  static void stop() throws Exception {
    system.close();
  }

  @Test
  void aRegisterBecomesAnAlarmAWorkOrderAndAReading() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    Steps steps = new Steps(print);
    DemoMain.takeOver(system, steps, data);
    new SmokeTest(system, steps, print).run();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("ok  every point of every device has a good value")
        .contains("ok  alarm raised")
        .contains("ok  work order opened from the alarm")
        .contains("ok  alarm cleared")
        .contains("ok  pulled the month's readings");
  }

  @Test
  void aWrongPasswordIsRefusedInTheUsersWords() {
    assertThatThrownBy(() -> HubClient.person(system.hubPort(), "admin", "guess"))
        .hasMessageContaining("answered 401")
        .hasMessageContaining("用户名或密码");
  }

  @Test
  void aPointThatDoesNotExistIsNamed() throws Exception {
    HubClient admin = system.admin();
    assertThatThrownBy(
            () ->
                admin.get(
                    "points/99999999/series?from=2026-11-01T00:00:00Z&to=2026-11-02T00:00:00Z"))
        .hasMessageContaining("answered 404")
        .hasMessageContaining("point-not-found");
  }

  @Test
  void aBillingSystemSeesReadingsAndNothingItMustNotDo() throws Exception {
    HubClient billing = system.billing();
    JsonNode page = billing.get("readings?limit=5");
    assertThat(page.has("cursor")).isTrue();
    assertThatThrownBy(() -> billing.post("alarms/1/acknowledge", java.util.Map.of()))
        .hasMessageContaining("answered 403");
  }

  @Test
  void secretsOfTheDemoAreTheirOwnersOnly() throws Exception {
    for (Path secret : new Path[] {system.files().adminPassword(), system.files().billingToken()}) {
      assertThat(Files.getPosixFilePermissions(secret))
          .containsExactlyInAnyOrder(
              java.nio.file.attribute.PosixFilePermission.OWNER_READ,
              java.nio.file.attribute.PosixFilePermission.OWNER_WRITE);
    }
  }

  @Test
  void aPortThatNobodyServesEndsTheStepWithItsExcuse() {
    Steps steps = new Steps(System.out);
    assertThatThrownBy(
            () ->
                steps.await(
                    "nobody answers",
                    Duration.ofMillis(300),
                    () -> {
                      throw new java.io.IOException("connection refused");
                    }))
        .hasMessageContaining("nobody answers: not within 0 s")
        .hasMessageContaining("connection refused");
  }
}
