package io.plantroom.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plantroom.telemetry.Lane;
import org.junit.jupiter.api.Test;

class JsonWireTest {

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
    assertThat(JsonWire.events(JsonWire.encode(java.util.List.of(lost)))).containsExactly(lost);
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
}
