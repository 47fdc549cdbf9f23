package io.plantroom.simulator.tally;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plantroom.simulator.Options;
import io.plantroom.simulator.SimulatedBuilding;
import io.plantroom.simulator.TestSite;
import io.plantroom.yaml.YamlFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaSubscription;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.enumerated.TimestampsToReturn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TallyOverOpcUaTest {
  private static final String BUILDING =
      """
      site: { zh: 试验, en: Test }
      since: 2026-01-01T00:00:00Z
      buses: { ua: { protocol: opc-ua } }
      devices:
        - key: tally-1
          profile: test-tally-ua
          bus: ua
          tally: true
          name: { zh: 一, en: One }
          location: { zh: 这里, en: Here }
      """;
  private static final List<NodeId> NODES =
      List.of(NodeId.parse("ns=2;s=tally-1.Tally"), NodeId.parse("ns=2;s=tally-1.Both"));

  @TempDir private Path folder;
  private SimulatedBuilding building;

  @BeforeEach
  void start() throws Exception {
    building =
        SimulatedBuilding.start(
            Options.of(YamlFile.parse("building.yaml", BUILDING), TestSite.catalog())
                .withLedger(folder.resolve("ledger")));
  }

  @AfterEach
  void stop() {
    building.close();
  }

  @Test
  void twoReadersAtOnceAreNeverToldEachOthersMoment() throws Exception {
    ExecutorService readers = Executors.newFixedThreadPool(2);
    List<Future<List<Long>>> told = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      told.add(readers.submit(() -> read(200)));
    }
    List<Long> numbers = new ArrayList<>();
    for (Future<List<Long>> t : told) {
      numbers.addAll(t.get());
    }
    readers.shutdown();
    assertThat(numbers).hasSize(400).doesNotHaveDuplicates();
  }

  @Test
  void itMustBeAsked() throws Exception {
    OpcUaClient client = client();
    try {
      OpcUaSubscription subscription = new OpcUaSubscription(client);
      assertThatThrownBy(subscription::create).isInstanceOf(UaException.class);
    } finally {
      client.disconnect();
    }
  }

  private List<Long> read(int times) throws UaException {
    OpcUaClient client = client();
    try {
      List<Long> numbers = new ArrayList<>();
      for (int i = 0; i < times; i++) {
        List<DataValue> values = client.readValues(0, TimestampsToReturn.Neither, NODES);
        long number = Long.parseLong(String.valueOf(values.get(0).value().value()));
        assertThat(values.get(1).value().value())
            .isEqualTo(number + "/" + TallyDevice.check(number));
        numbers.add(number);
      }
      return numbers;
    } finally {
      client.disconnect();
    }
  }

  private OpcUaClient client() throws UaException {
    return OpcUaClient.create(
            "opc.tcp://127.0.0.1:" + building.port("ua") + "/plantroom",
            all ->
                all.stream()
                    .filter(e -> SecurityPolicy.None.getUri().equals(e.getSecurityPolicyUri()))
                    .findFirst(),
            transport -> {},
            config -> config.setRequestTimeout(UInteger.valueOf(30_000)))
        .connect();
  }
}
