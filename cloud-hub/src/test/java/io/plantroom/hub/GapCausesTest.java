package io.plantroom.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.plantroom.telemetry.Cause;
import io.plantroom.telemetry.Lane;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import io.plantroom.wire.Event;
import io.plantroom.wire.Frame;
import io.plantroom.wire.FrameHeader;
import io.plantroom.wire.Receipt;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Causes that the ledger takes from the time at which something came in. The hub believes it to be
 * half an hour later, so that the slot in which that happens has passed.
 */
class GapCausesTest {
  private static final Duration SLOT = Duration.ofMinutes(10);
  private static final Duration AHEAD = Duration.ofMinutes(30);
  private static final long EPOCH = 77;

  @TempDir Path folder = Path.of(".");

  /** Of the newest sample. */
  private Instant slot = Instant.EPOCH;

  private TestHub hub;
  private ApiClient admin;
  private String gateway = "";

  @BeforeEach
  void start() throws Exception {
    hub = new TestHub(folder, TestDatabase.fresh(), () -> Instant.now().plus(AHEAD));
    admin = hub.admin();
    gateway = HubTest.find(admin.get("/gateways").json(), "code", "gw-a").get("id").asText();
    Instant before = now().minus(SLOT);
    hub.frame(frame(1, good("pump", before), good("meter", before)));
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  void aTimeThatCannotBeTrueIsAHoleOfTheClockAndOfThatPointAlone() throws Exception {
    hub.frame(frame(3, good("pump", Instant.EPOCH), good("meter", now())));

    assertThat(cause("pump")).isEqualTo("clock");
    assertThat(cause("meter")).isEmpty();
  }

  @Test
  void whatTheDeviceAnswersWithAnErrorIsAHoleOfTheDevice() throws Exception {
    hub.frame(
        frame(
            3,
            Sample.bad("pump", "t", now(), Cause.DEVICE_EXCEPTION),
            Sample.bad("meter", "t", now(), Cause.NO_CONNECTION)));

    assertThat(cause("pump")).isEqualTo("device-error");
    assertThat(cause("meter")).isEqualTo("bus-down");
  }

  @Test
  void aFrameInQuarantineIsAHoleUntilItIsTakenIn() throws Exception {
    refuse(true);
    Receipt aside = hub.frame(frame(3, good("pump", now()), good("meter", now())));
    refuse(false);
    assertThat(aside.reason()).startsWith("set aside");
    assertThat(cause("pump")).isEqualTo("quarantine");

    JsonNode held = admin.get("/gateways/" + gateway + "/quarantine").json().get(0);
    admin.post("/quarantine/" + held.get("id").asText() + "/replay", "{}");

    assertThat(cause("pump")).isEmpty();
  }

  @Test
  void recordsGivenUpWithoutAWordAreLostUntilTheReasonIsTold() throws Exception {
    // The gateway says that 3 and 4 are not there any more.
    hub.frame(
        new Frame.Telemetry(
            new FrameHeader("gw-a", Lane.TELEMETRY, EPOCH, 5, 1, 5, 0),
            List.of(good("other", now()))));
    assertThat(cause("pump")).isEqualTo("lost");

    hub.events(
        "gw-a",
        new Event.RecordsLost(
            now(),
            true,
            Lane.TELEMETRY,
            EPOCH,
            3,
            4,
            Event.LossReason.DAMAGED,
            now(),
            now(),
            "file set aside"));

    assertThat(cause("pump")).isEqualTo("damaged");
  }

  /** Ten minutes begin on the full ten in the site's zone, too. */
  private Instant now() {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    slot = Instant.ofEpochSecond(now.getEpochSecond() / SLOT.toSeconds() * SLOT.toSeconds());
    return now;
  }

  private static Sample good(String device, Instant at) {
    return Sample.good(device, "t", at, new Value.Analog(1));
  }

  private static Frame frame(long first, Sample... samples) {
    return new Frame.Telemetry(
        new FrameHeader("gw-a", Lane.TELEMETRY, EPOCH, first, samples.length, 1, 0),
        List.of(samples));
  }

  /** A rule somebody put on the table by mistake. */
  private void refuse(boolean on) {
    String change = on ? " ADD CONSTRAINT wrong CHECK (false) NOT VALID" : " DROP CONSTRAINT wrong";
    hub.hub().database().jdbi().useHandle(h -> h.execute("ALTER TABLE telemetry" + change));
  }

  /** Why a device has no good sample now; empty when it has one. */
  private String cause(String device) throws Exception {
    LocalDate day = LocalDate.ofInstant(slot, ZoneId.of("Asia/Shanghai"));
    JsonNode gaps = admin.get("/gateways/" + gateway + "/gaps?day=" + day).json();
    for (JsonNode hole : gaps.get("holes")) {
      boolean covers =
          !Instant.parse(hole.get("from").asText()).isAfter(slot)
              && Instant.parse(hole.get("to").asText()).isAfter(slot);
      if (covers && hole.at("/equipmentName/en").asText().equals(device)) {
        return hole.get("cause").asText();
      }
    }
    return "";
  }
}
