package io.plantroom.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plantroom.telemetry.Lane;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class JsonWireTest {
  private static final UUID ID = UUID.fromString("00000000-0000-4000-8000-000000000002");

  @Test
  void aReceiptIsReadableByPeopleAndComesBack() throws Exception {
    Receipt receipt =
        new Receipt(Lane.TELEMETRY, 42, 1000, Receipt.Outcome.HOLE, 3, "1001 is missing");
    byte[] json = JsonWire.encode(receipt);
    assertThat(new String(json, UTF_8))
        .isEqualTo(
            "{\"lane\":\"TELEMETRY\",\"epoch\":42,\"watermark\":1000,\"outcome\":\"HOLE\","
                + "\"round\":3,\"reason\":\"1001 is missing\"}");
    assertThat(JsonWire.receipt(json)).isEqualTo(receipt);
  }

  @Test
  void aStatusComesBack() throws Exception {
    GatewayStatus status = new GatewayStatus(Frames.NOON, true, "0.1.0", true, 1, 2, 3, 4);
    assertThat(JsonWire.status(JsonWire.encode(status))).isEqualTo(status);
  }

  @Test
  void aLossIsToldWithItsRangeAndReason() throws Exception {
    Event lost =
        new Event.RecordsLost(
            Frames.NOON,
            true,
            Lane.TELEMETRY,
            7,
            11,
            20,
            Event.LossReason.EVICTED,
            Frames.NOON,
            null,
            "outbox full");
    assertThat(JsonWire.events(JsonWire.encode(List.of(lost)))).containsExactly(lost);
  }

  @Test
  void aDeviceSaysHowLongItsPointsAreSilentAndAnOlderAgentNothing() throws Exception {
    Event.LocalName name = new Event.LocalName("表", "Meter");
    Event.Reporting often = new Event.Reporting(300, Map.of("firmware", 600L));
    Event.Device told = new Event.Device("m1", "p", name, null, "coap://h:1", null, often);
    Event.Device silent = new Event.Device("m2", "p", name, null, "coap://h:1", null);
    Event list = new Event.Inventory(Frames.NOON, true, "0.1.0", List.of(told, silent));
    byte[] json = JsonWire.encode(List.of(list));
    assertThat(new String(json, UTF_8))
        .contains("\"reporting\":{\"seconds\":300,\"otherwise\":{\"firmware\":600}}}")
        .endsWith("\"serial\":null}]}]");
    assertThat(JsonWire.events(json)).containsExactly(list);
    assertThat(often.of("firmware")).isEqualTo(600);
    assertThat(often.of("power")).isEqualTo(300);
  }

  @Test
  void wordsOfANewerAgentAreOverlooked() throws Exception {
    byte[] newer =
        "{\"lane\":\"EVENTS\",\"epoch\":1,\"watermark\":2,\"outcome\":\"COMMITTED\",\"round\":0,\"mood\":1}"
            .getBytes(UTF_8);
    assertThat(JsonWire.receipt(newer).watermark()).isEqualTo(2);
  }

  @Test
  void nonsenseIsNamed() {
    assertThatThrownBy(() -> JsonWire.receipt("[]".getBytes(UTF_8)))
        .isInstanceOf(WireException.class)
        .hasMessageStartingWith("receipt: ");
    assertThatThrownBy(() -> JsonWire.events("[{\"event\":\"sunset\"}]".getBytes(UTF_8)))
        .isInstanceOf(WireException.class)
        .hasMessageContaining("sunset");
    assertThatThrownBy(() -> JsonWire.status("null".getBytes(UTF_8)))
        .hasMessage("status: expected a JSON object, got null");
  }

  /** Hubs and gateways of different age talk to each other: these bytes never change. */
  @Test
  void whatTheHubAsksAndTheGatewayAnswersIsAsInTheGoldenFiles() throws Exception {
    DesiredConfiguration desired = DesiredConfiguration.of(1_763_726_400_000L, "devices: []\n");
    assertThat(JsonWire.encode(desired)).asString(UTF_8).isEqualTo(golden("desired-v1.json"));
    assertThat(JsonWire.desired(JsonWire.encode(desired))).isEqualTo(desired);

    Command command =
        new Command(ID, "ahu-1", "setpoint", "21.50", Frames.NOON.plusSeconds(60), "li.engineer");
    assertThat(JsonWire.encode(command)).asString(UTF_8).isEqualTo(golden("command-v1.json"));
    assertThat(JsonWire.command(JsonWire.encode(command))).isEqualTo(command);

    List<Event> answers =
        List.of(
            new Event.ConfigurationReport(
                Frames.NOON,
                true,
                desired.revision(),
                desired.version(),
                Event.ConfigurationOutcome.ROLLED_BACK,
                List.of("pump-1: no answer within 1 s"),
                null),
            new Event.CommandResult(
                Frames.NOON,
                true,
                ID,
                "ahu-1",
                "setpoint",
                Event.CommandOutcome.DONE,
                null,
                "21.5",
                null));
    assertThat(JsonWire.encode(answers)).asString(UTF_8).isEqualTo(golden("answers-v1.json"));
    assertThat(JsonWire.events(JsonWire.encode(answers))).isEqualTo(answers);
  }

  @Test
  void everyReasonOfACommandSpeaksBothLanguagesAndComesBackByItsKey() {
    for (CommandReason reason : CommandReason.values()) {
      assertThat(CommandReason.of(reason.key())).contains(reason);
      assertThat(reason.text().zh()).isNotBlank().containsPattern("\\p{IsHan}");
      assertThat(reason.text().en()).isNotBlank();
    }
    assertThat(CommandReason.of("weather")).isEmpty();
  }

  @Test
  void aDeviceNamesThePointsThatMayBeWrittenAndOthersSayNothing() throws Exception {
    Event.LocalName name = new Event.LocalName("泵", "Pump");
    Event.Device settable =
        new Event.Device("p1", "p", name, null, "coap://h:1", null, null, List.of("bus-setpoint"));
    Event list = new Event.Inventory(Frames.NOON, true, "0.1.0", List.of(settable));
    byte[] json = JsonWire.encode(List.of(list));
    assertThat(new String(json, UTF_8)).contains("\"writable\":[\"bus-setpoint\"]");
    assertThat(JsonWire.events(json)).containsExactly(list);
  }

  @Test
  void aTextThatIsNotThatOfItsVersionIsRefused() {
    byte[] torn = "{\"revision\":1,\"version\":\"00\",\"text\":\"devices: []\"}".getBytes(UTF_8);
    assertThatThrownBy(() -> JsonWire.desired(torn))
        .isInstanceOf(WireException.class)
        .hasMessageContaining("not that of version 00");
  }

  private static String golden(String file) throws Exception {
    return Files.readString(Path.of("src/test/resources/golden").resolve(file)).strip();
  }
}
