package io.plantroom.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.plantroom.hub.ApiClient.Answer;
import io.plantroom.telemetry.Lane;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import io.plantroom.wire.Event;
import io.plantroom.wire.Frame;
import io.plantroom.wire.FrameCodec;
import io.plantroom.wire.FrameHeader;
import io.plantroom.wire.Receipt;
import io.plantroom.wire.Topics;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What was set aside is taken in once whatever was wrong is mended. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("faults")
class QuarantineTest {
  @TempDir static Path folder = Path.of(".");
  private final Instant base = Instant.now().minusSeconds(60).truncatedTo(ChronoUnit.MILLIS);
  private TestHub hub;
  private ApiClient admin = new ApiClient("http://127.0.0.1");
  private String gateway = "";
  private long epoch = 100;

  @BeforeAll
  void start() throws Exception {
    hub = new TestHub(folder, TestDatabase.fresh(), InstantSource.system());
    admin = hub.admin();
    gateway = HubTest.find(admin.get("/gateways").json(), "code", "gw-a").get("id").asText();
  }

  @AfterEach
  void allIsAccountedFor() {
    hub.everySampleIsAccountedFor();
  }

  @AfterAll
  void stop() {
    hub.close();
  }

  @Test
  void aFrameThatTheDatabaseRefusedIsStoredOnceWhenTheCauseIsGone() throws Exception {
    epoch++;
    hub.frame(frame(1, 5));
    refuse(true);
    Receipt aside = hub.frame(frame(6, 5));
    refuse(false);
    hub.frame(frame(11, 5));
    assertThat(aside.reason()).startsWith("set aside");
    assertThat(stored()).isEqualTo(10);
    JsonNode held = newest();
    assertThat(held.get("from").asLong()).isEqualTo(6);
    assertThat(held.get("to").asLong()).isEqualTo(10);

    Answer replayed = replay(held);
    Answer again = replay(held);

    assertThat(replayed.status()).isEqualTo(200);
    assertThat(replayed.json().get("samples").asInt()).isEqualTo(5);
    assertThat(again.status()).isEqualTo(409);
    assertThat(stored()).isEqualTo(15);
    assertThat(hub.count("SELECT count(*) FROM ingest_gap WHERE epoch = " + epoch)).isZero();
    assertThat(newest().get("replayedBy").asText()).isEqualTo("admin");
    assertThat(
            hub.count(
                "SELECT count(*) FROM audit WHERE action = 'replay-quarantine' AND target = '"
                    + held.get("id").asText()
                    + "'"))
        .isEqualTo(1);
  }

  @Test
  void ofOverlappingFramesThatWereSetAsideEachRecordIsStoredOnce() throws Exception {
    epoch++;
    refuse(true);
    hub.frame(frame(1, 6));
    JsonNode first = newest();
    hub.frame(frame(4, 6));
    JsonNode second = newest();
    refuse(false);

    assertThat(replay(second).json().get("samples").asInt()).isEqualTo(6);
    assertThat(replay(first).json().get("samples").asInt()).isEqualTo(3);

    assertThat(stored()).isEqualTo(9);
    assertThat(hub.count("SELECT count(*) FROM sample_conflict")).isZero();
  }

  @Test
  void whatStillCannotBeReadIsRefusedWithTheReasonAndStays() throws Exception {
    hub.unanswered(Topics.frames("gw-a", Lane.TELEMETRY), new byte[] {1, 2, 3});

    Answer refused = replay(newest());

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.json().at("/error/message/en").asText()).contains("not a frame");
    assertThat(newest().has("replayedAt")).isFalse();
  }

  @Test
  void anAlarmThatEndedWhileItsBeginningWasSetAsideDoesNotStayOpen() throws Exception {
    UUID occurrence = UUID.randomUUID();
    refuse(true);
    hub.frame(events(1, alarm(occurrence, Event.Change.RAISED)));
    JsonNode held = newest();
    refuse(false);
    hub.frame(events(2, alarm(occurrence, Event.Change.CLEARED)));

    Answer replayed = replay(held);

    assertThat(replayed.json().get("events").asInt()).isEqualTo(1);
    JsonNode alarms = admin.get("/alarms?state=all").json().get("items");
    assertThat(HubTest.find(alarms, "key", "aside").get("state").asText())
        .isEqualTo("cleared-unacknowledged");
  }

  private static Event alarm(UUID occurrence, Event.Change change) {
    return new Event.AlarmChange(Instant.now(), true, occurrence, "d", "aside", change, null, null);
  }

  private static Frame events(int seq, Event event) {
    FrameHeader header = new FrameHeader("gw-a", Lane.EVENTS, 1, seq, 1, 1, 0);
    return new Frame.Events(header, List.of(event));
  }

  private Frame frame(int first, int count) {
    List<Sample> samples = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      samples.add(
          Sample.good("d", "t", base.plusMillis(epoch * 1000 + i), new Value.Analog(epoch)));
    }
    FrameHeader header = new FrameHeader("gw-a", Lane.TELEMETRY, epoch, first, count, 1, 0);
    assertThat(FrameCodec.encode(new Frame.Telemetry(header, samples))).isNotEmpty();
    return new Frame.Telemetry(header, samples);
  }

  /** A rule somebody put on the tables by mistake. */
  private void refuse(boolean on) {
    hub.hub()
        .database()
        .jdbi()
        .useHandle(
            h -> {
              for (String table : List.of("telemetry", "event_log")) {
                h.execute(
                    on
                        ? "ALTER TABLE " + table + " ADD CONSTRAINT wrong CHECK (false) NOT VALID"
                        : "ALTER TABLE " + table + " DROP CONSTRAINT wrong");
              }
            });
  }

  private long stored() {
    return hub.count("SELECT count(*) FROM telemetry WHERE value = " + epoch);
  }

  private JsonNode newest() throws Exception {
    return admin.get("/gateways/" + gateway + "/quarantine").json().get(0);
  }

  private Answer replay(JsonNode held) throws Exception {
    return admin.post("/quarantine/" + held.get("id").asText() + "/replay", "{}");
  }
}
