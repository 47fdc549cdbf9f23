package io.plantroom.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plantroom.hub.ApiClient.Answer;
import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import io.plantroom.wire.Command;
import io.plantroom.wire.CommandReason;
import io.plantroom.wire.Event;
import io.plantroom.wire.Event.CommandOutcome;
import io.plantroom.wire.JsonWire;
import io.plantroom.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command is checked, kept, sent until it is answered, and shown with what became of it. */
class FieldCommandsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @SuppressWarnings("NullAway.Init") // filled in by JUnit
  @TempDir
  Path folder;

  @SuppressWarnings("NullAway.Init") // made before each test
  private TestHub hub;

  @SuppressWarnings("NullAway.Init") // made before each test
  private ApiClient admin;

  private final DatabaseConfig database = TestDatabase.fresh();
  private volatile Duration ahead = Duration.ZERO;
  private String pump = "";

  @BeforeEach
  void start() throws Exception {
    hub = new TestHub(folder, database, () -> Instant.now().plus(ahead));
    hub.introduce("gw-a");
    hub.events(
        "gw-a",
        new Event.Inventory(
            Instant.now(),
            true,
            "1.0",
            List.of(
                device("pump-1", "grundfos-cim-pump", List.of("bus-setpoint")),
                device("pump-2", "grundfos-cim-pump", null),
                device("fire-1", "notifier-modbus-gw", List.of("d1-event")))));
    admin = hub.admin();
    pump = equipment("pump-1");
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  private static Event.Device device(String key, String profile, @Nullable List<String> writable) {
    return new Event.Device(
        key,
        profile,
        new Event.LocalName(key, key),
        null,
        "modbus-tcp://127.0.0.1:502/1",
        null,
        null,
        writable);
  }

  private String equipment(String key) throws Exception {
    return HubTest.find(admin.get("/equipment").json(), "device", key).get("id").asText();
  }

  private Answer ask(String equipment, String point, String value, String reason) throws Exception {
    return admin.post(
        "/equipment/" + equipment + "/commands",
        JSON.writeValueAsString(
            Map.of("point", point, "value", value, "reason", reason, "expiresInSeconds", 60)));
  }

  private static List<Command> sent(TestHub by) {
    return by.downlinks().stream()
        .filter(d -> d.topic().equals(Topics.commands("gw-a")))
        .map(
            d -> {
              assertThat(d.retain()).isFalse();
              try {
                return JsonWire.command(d.payload().getBytes(StandardCharsets.UTF_8));
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            })
        .toList();
  }

  private static boolean isQuestion(Command command) {
    return command.expires().equals(Instant.EPOCH);
  }

  private void answer(
      JsonNode command,
      CommandOutcome outcome,
      @Nullable CommandReason reason,
      @Nullable String value)
      throws Exception {
    hub.events(
        "gw-a",
        new Event.CommandResult(
            Instant.now(),
            true,
            UUID.fromString(command.get("id").asText()),
            "pump-1",
            "bus-setpoint",
            outcome,
            reason == null ? null : reason.key(),
            value,
            null));
  }

  private JsonNode now(JsonNode command) throws Exception {
    return admin.get("/commands/" + command.get("id").asText()).json();
  }

  @Test
  void aCommandIsSentAgainUntilTheGatewayHasItAndIsDoneWithWhatTheDeviceShows() throws Exception {
    JsonNode command = ask(pump, "bus-setpoint", "60", "too cold on floor 12").json();
    assertThat(command.get("state").asText()).isEqualTo("sent");
    await().atMost(Duration.ofSeconds(60)).until(() -> sent(hub).size() >= 2);
    assertThat(sent(hub)).allMatch(c -> c.id().toString().equals(command.get("id").asText()));
    Command first = sent(hub).get(0);
    assertThat(first.device()).isEqualTo("pump-1");
    assertThat(first.value()).isEqualTo("60");
    assertThat(first.by()).isEqualTo("admin");

    answer(command, CommandOutcome.ACCEPTED, null, null);
    assertThat(now(command).get("state").asText()).isEqualTo("accepted");
    answer(command, CommandOutcome.DONE, null, "60");
    answer(command, CommandOutcome.UNKNOWN, CommandReason.INTERRUPTED, "61");

    assertThat(now(command).get("state").asText()).isEqualTo("done");
    assertThat(now(command).get("shown").asText()).isEqualTo("60");
    JsonNode list = admin.get("/equipment/" + pump + "/commands").json();
    assertThat(list.get(0).get("reason").asText()).isEqualTo("too cold on floor 12");
    assertThat(list.get(0).get("author").asText()).isEqualTo("admin");
    assertThat(hub.count("SELECT count(*) FROM audit WHERE action = 'send-command'")).isEqualTo(1);
    assertThat(hub.count("SELECT count(*) FROM audit WHERE action = 'command-answered'"))
        .isEqualTo(1);
  }

  @Test
  void whatModelOrGatewayDoesNotAllowIsRefusedInBothLanguagesAndNotSent() throws Exception {
    for (Map.Entry<Answer, CommandReason> refused :
        List.of(
            Map.entry(ask(pump, "bus-setpoint", "101", "test"), CommandReason.OUT_OF_BOUNDS),
            Map.entry(ask(pump, "bus-setpoint", "60.1", "test"), CommandReason.NOT_A_STEP),
            Map.entry(ask(pump, "bus-setpoint", "full", "test"), CommandReason.NOT_A_NUMBER),
            Map.entry(ask(pump, "running", "1", "test"), CommandReason.NOT_ALLOWED),
            Map.entry(ask(pump, "colour", "1", "test"), CommandReason.NO_SUCH_POINT),
            Map.entry(
                ask(equipment("pump-2"), "bus-setpoint", "60", "test"), CommandReason.NOT_ALLOWED),
            Map.entry(ask(equipment("fire-1"), "d1-event", "0", "test"), CommandReason.FIRE))) {
      JsonNode error = refused.getKey().json().get("error");
      assertThat(refused.getKey().status()).isEqualTo(409);
      assertThat(error.get("code").asText()).isEqualTo("command-" + refused.getValue().key());
      assertThat(error.at("/message/zh").asText()).contains(refused.getValue().text().zh());
      assertThat(error.at("/message/en").asText()).contains(refused.getValue().text().en());
    }
    assertThat(ask(pump, "bus-setpoint", "60", " ").status()).isEqualTo(400);
    assertThat(hub.count("SELECT count(*) FROM field_command")).isZero();
    assertThat(sent(hub)).isEmpty();
  }

  @Test
  void oneCommandAtATimeForAPoint() throws Exception {
    JsonNode command = ask(pump, "bus-setpoint", "60", "test").json();

    Answer second = ask(pump, "bus-setpoint", "61", "test");

    assertThat(second.status()).isEqualTo(409);
    answer(command, CommandOutcome.REFUSED, CommandReason.CLOCK, null);
    assertThat(now(command).at("/problem/text/zh").asText())
        .isEqualTo(CommandReason.CLOCK.text().zh());
    assertThat(ask(pump, "bus-setpoint", "61", "test").status()).isEqualTo(200);
  }

  @Test
  void whatNobodyAnsweredIsUnknownUntilTheGatewaysWordComes() throws Exception {
    JsonNode command = ask(pump, "bus-setpoint", "60", "test").json();
    await().until(() -> !sent(hub).isEmpty());
    ahead = Duration.ofSeconds(100);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> now(command).get("state").asText().equals("unknown"));
    assertThat(now(command).at("/problem/key").asText()).isEqualTo(CommandReason.NO_ANSWER.key());
    Command question = sent(hub).get(sent(hub).size() - 1);
    assertThat(question.id().toString()).isEqualTo(command.get("id").asText());
    assertThat(question.expires()).as("it is asked for and never written").isEqualTo(Instant.EPOCH);
    ahead = Duration.ofSeconds(200);
    await().until(() -> sent(hub).stream().filter(FieldCommandsTest::isQuestion).count() >= 2);

    answer(command, CommandOutcome.EXPIRED, CommandReason.TOO_LATE, null);

    assertThat(now(command).get("state").asText()).isEqualTo("expired");
  }

  @Test
  void aGatewayCannotAnswerForAnother() throws Exception {
    JsonNode command = ask(pump, "bus-setpoint", "60", "test").json();
    hub.events(
        "gw-b",
        new Event.CommandResult(
            Instant.now(),
            true,
            UUID.fromString(command.get("id").asText()),
            "pump-1",
            "bus-setpoint",
            CommandOutcome.DONE,
            null,
            "60",
            null));
    assertThat(now(command).get("state").asText()).isEqualTo("sent");
  }

  @Test
  void ofTwoHubsOneSends() throws Exception {
    // Their clocks stand still, so nothing is due a second time.
    Instant still = Instant.now();
    hub.close();
    hub = new TestHub(folder, database, () -> still);
    admin = hub.admin();
    try (TestHub other = new TestHub(folder, database, () -> still)) {
      ask(pump, "bus-setpoint", "60", "test");
      await()
          .during(Duration.ofSeconds(4))
          .atMost(Duration.ofSeconds(60))
          .until(() -> sent(hub).size() + sent(other).size() == 1);
    }
  }

  @Test
  void theConsoleIsToldWhichPointsCanBeSet() throws Exception {
    JsonNode points = admin.get("/equipment/" + pump).json().get("points");
    JsonNode settable = HubTest.find(points, "name", "bus-setpoint").get("settable");
    assertThat(settable.get("max").asText()).isEqualTo("100");
    assertThat(HubTest.find(points, "name", "running").has("settable")).isFalse();
    JsonNode other = admin.get("/equipment/" + equipment("pump-2")).json().get("points");
    assertThat(HubTest.find(other, "name", "bus-setpoint").has("settable")).isFalse();
  }
}
