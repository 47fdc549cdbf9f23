package io.plantroom.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import io.plantroom.wire.Command;
import io.plantroom.wire.JsonWire;
import io.plantroom.wire.Topics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands over the shipped hub, broker and agent to a simulated device that counts its writes. */
@Tag("faults")
class CommandsIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String PUMP = DemoFiles.SETTABLE;
  private static final String POINT = "bus-setpoint";

  @TempDir static Path data;
  private static DemoSystem system;

  @BeforeAll
  static void start() throws Exception {
    system = RunningSystem.demo(data);
    await("the hub hears what may be set")
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> system.admin().get("equipment/" + id(PUMP)).toString().contains("settable"));
  }

  @AfterAll
  static void stop() throws Exception {
    system.close();
  }

  private static String id(String device) throws Exception {
    for (JsonNode e : system.admin().get("equipment")) {
      if (e.get("device").asText().equals(device)) {
        return e.get("id").asText();
      }
    }
    return "0";
  }

  private static JsonNode set(String device, String point, String value, int seconds)
      throws Exception {
    return system
        .admin()
        .post(
            "equipment/" + id(device) + "/commands",
            Map.of(
                "point", point, "value", value, "reason", "a test", "expiresInSeconds", seconds));
  }

  private static JsonNode now(JsonNode command) throws Exception {
    return system.admin().get("commands/" + command.get("id").asText());
  }

  private static JsonNode ended(JsonNode command) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> now(command).hasNonNull("endedAt") && !unanswered(now(command)));
    try {
      return now(command);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static boolean unanswered(JsonNode command) {
    return command.at("/problem/key").asText().equals("no-answer");
  }

  /** How often the device was set to this value. */
  private static long writes(String device, String value) throws Exception {
    long n = 0;
    for (JsonNode w : system.building().writes(device)) {
      n += Double.parseDouble(w.get("value").asText()) == Double.parseDouble(value) ? 1 : 0;
    }
    return n;
  }

  @Test
  void aSetpointGoesToTheDeviceOnceAndComesBackAsItIsShownThere() throws Exception {
    JsonNode command = set(PUMP, POINT, "41.5", 60);

    JsonNode end = ended(command);

    assertThat(end.get("state").asText()).as("%s", end).isEqualTo("done");
    assertThat(end.get("shown").asText()).isEqualTo("41.5");
    assertThat(end.hasNonNull("acceptedAt")).isTrue();
    assertThat(writes(PUMP, "41.5")).isEqualTo(1);
    assertThat(
            HubQuery.number(
                system.database(),
                "SELECT count(*) FROM audit WHERE target = '"
                    + command.get("id").asText()
                    + "' AND action IN ('send-command', 'command-answered')"))
        .isEqualTo(2);
  }

  @Test
  void aCommandThatReachesTheGatewayTooLateIsNeverWritten() throws Exception {
    JsonNode command;
    system.agent().pause();
    try {
      command = set(PUMP, POINT, "42.5", 5);
      await()
          .atMost(PATIENCE)
          .until(() -> Instant.now().isAfter(Instant.parse(command.get("expiresAt").asText())));
    } finally {
      system.agent().resume();
    }
    JsonNode end = ended(command);
    assertThat(end.get("state").asText()).as("%s", end).isEqualTo("expired");
    assertThat(writes(PUMP, "42.5")).isZero();
  }

  @Test
  void theHubRefusesFirePanelsPointsThatAreNotAllowedAndValuesOutOfBounds() {
    assertThatThrownBy(() -> set("fire-panel-1", "d1-event", "0", 60))
        .hasMessageContaining("command-fire");
    assertThatThrownBy(() -> set("pump-supply-1", POINT, "40", 60))
        .hasMessageContaining("command-not-allowed");
    assertThatThrownBy(() -> set(PUMP, POINT, "140", 60))
        .hasMessageContaining("command-out-of-bounds");
  }

  @Test
  void theGatewayRefusesThemAlsoWhenSomebodySendsThemPastTheHub() throws Exception {
    long before = agent().at("/commands/refused").asLong();
    Path certificates = system.files().certificates();
    Mqtt5BlockingClient stranger =
        Mqtt5Client.builder()
            .identifier("hub-2")
            .serverHost("localhost")
            .serverPort(system.brokerPort())
            .sslConfig(TestTls.of(certificates, "hub-2"))
            .buildBlocking();
    stranger.connect();
    try {
      for (String device : new String[] {"fire-panel-1", "pump-supply-1"}) {
        Command command =
            new Command(
                UUID.randomUUID(), device, POINT, "43.5", Instant.now().plusSeconds(60), "nobody");
        stranger
            .publishWith()
            .topic(Topics.commands(DemoFiles.GATEWAY))
            .qos(MqttQos.AT_LEAST_ONCE)
            .payload(JsonWire.encode(command))
            .send();
      }
    } finally {
      stranger.disconnect();
    }
    await().atMost(PATIENCE).until(() -> agent().at("/commands/refused").asLong() >= before + 2);
    assertThat(system.building().writes("pump-supply-1")).isEmpty();
    assertThat(system.building().writes("fire-panel-1")).isEmpty();
  }

  private static JsonNode agent() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + system.agentPort() + "/status"))
            .timeout(Duration.ofSeconds(20))
            .build();
    return JSON.readTree(
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  /**
   * The device takes 0.7 s for each answer, so there is a moment in which the write is on its way.
   * A process that is killed then must not write again, and must say that it does not know.
   */
  @Test
  void anAgentThatIsKilledWhileItWritesNeverWritesAgainAndSaysSo() throws Exception {
    system.building().show(PUMP, "slow");
    JsonNode caught = null;
    String value = "";
    for (int i = 0; i < 10 && caught == null; i++) {
      value = "5" + i + ".5";
      caught = killedWhileWriting(value);
    }
    JsonNode end = Objects.requireNonNull(caught, "never caught while it wrote");
    assertThat(end.get("state").asText()).isEqualTo("unknown");
    assertThat(end.at("/problem/key").asText()).isEqualTo("interrupted");
    // Killed before or after the request went out: nobody knows, and the device says what it shows.
    long written = writes(PUMP, value);
    assertThat(written).isLessThanOrEqualTo(1);
    assertThat(Double.parseDouble(end.get("shown").asText()) == Double.parseDouble(value))
        .isEqualTo(written == 1);
  }

  /** Null when the write was over before the process was. */
  private static @Nullable JsonNode killedWhileWriting(String value) throws Exception {
    JsonNode command = set(PUMP, POINT, value, 120);
    Path memory =
        system
            .files()
            .data()
            .resolve("agent/data/commands/" + command.get("id").asText() + ".json");
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .atMost(PATIENCE)
        .until(
            () -> {
              String stage = Files.exists(memory) ? Files.readString(memory) : "";
              return stage.contains("WRITING") || stage.contains("ENDED");
            });
    system.agent().kill();
    boolean caught = Files.readString(memory).contains("WRITING");
    system.building().end(PUMP, "slow");
    system.agent().start();
    system.agent().awaitReady(PATIENCE);
    JsonNode end = ended(command);
    if (!caught) {
      system.building().show(PUMP, "slow");
    }
    return caught ? end : null;
  }
}
