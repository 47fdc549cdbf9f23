package io.plantroom.simulator.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.plantroom.profile.Profile;
import io.plantroom.profile.ProfileLoader;
import io.plantroom.profile.Quantity;
import io.plantroom.simulator.HandClock;
import io.plantroom.simulator.ProfileServer;
import io.plantroom.simulator.TestSite;
import io.plantroom.simulator.device.Answering;
import io.plantroom.simulator.device.PlayedDevice;
import io.plantroom.yaml.YamlException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaMonitoredItem;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaSubscription;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.enumerated.TimestampsToReturn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpcUaBusTest {
  private static final Map<String, Quantity> VALUES =
      Map.of(
          "floor", new Quantity.Analog(7),
          "moving", new Quantity.State(1),
          "direction", new Quantity.State(2),
          "runs", new Quantity.Counter(new BigDecimal("123456789")),
          "hours", new Quantity.Counter(new BigDecimal("20.125")),
          "number", new Quantity.Text("三号梯"));

  private ProfileServer server;
  private OpcUaClient client;

  @BeforeEach
  void serve() throws Exception {
    server = ProfileServer.serve(TestSite.profile("test-lift"), "lift-3", VALUES);
    assertThat(server.endpoint().toString())
        .matches("opc\\.tcp://127\\.0\\.0\\.1:\\d+/plantroom\\?device=lift-3");
    client = client(SecurityPolicy.None, 3000);
  }

  @AfterEach
  void stop() throws UaException {
    server.answer(Answering.PROMPT);
    client.disconnect();
    server.close();
  }

  @Test
  void everyKindOfPointHasItsType() throws UaException {
    assertThat(value("ns=2;s=lift-3.Floor")).isEqualTo(7.0);
    assertThat(value("ns=2;s=lift-3.Moving")).isEqualTo(1);
    assertThat(value("ns=2;i=5001")).isEqualTo(123456789L);
    assertThat(value("ns=2;s=lift-3.Hours")).isEqualTo(20.125);
    assertThat(value("ns=2;s=lift-3.Number")).isEqualTo("三号梯");
  }

  @Test
  void aWholeCounterThatIsGivenAFractionLosesNothing() throws UaException {
    server.set("runs", new Quantity.Counter(new BigDecimal("7.25")));
    assertThat(value("ns=2;i=5001")).isEqualTo(7.25);
  }

  @Test
  void aPointWithoutAValueIsNotServed() throws UaException {
    assertThat(read("ns=2;s=lift-3.DoorZone").statusCode().value())
        .isEqualTo(StatusCodes.Bad_NodeIdUnknown);
  }

  @Test
  void aReadSeesTheValueOfNow() throws UaException {
    server.set("moving", new Quantity.State(0));
    assertThat(value("ns=2;s=lift-3.Moving")).isEqualTo(0);
  }

  @Test
  void theSignedAndEncryptedEndpointAnswersToo() throws UaException {
    try (Closer closer = new Closer(client(SecurityPolicy.Basic256Sha256, 5000))) {
      assertThat(read(closer.client(), "ns=2;s=lift-3.Floor").value().value()).isEqualTo(7.0);
    }
  }

  @Test
  void aSubscriberHearsOfChanges() throws Exception {
    Collection<Object> heard = subscribe("ns=2;s=lift-3.Direction");
    await().untilAsserted(() -> assertThat(heard).containsExactly(2));
    server.set("direction", new Quantity.State(1));
    await().untilAsserted(() -> assertThat(heard).containsExactly(2, 1));
  }

  @Test
  void aHangingDeviceIsSilentToItsSubscriberAndLetsReadsTimeOut() throws Exception {
    Collection<Object> heard = subscribe("ns=2;s=lift-3.Direction");
    await().untilAsserted(() -> assertThat(heard).containsExactly(2));
    server.answer(Answering.HANG);
    server.set("direction", new Quantity.State(0));
    assertThatThrownBy(() -> read("ns=2;s=lift-3.Floor"))
        .isInstanceOfSatisfying(
            UaException.class,
            e -> assertThat(e.getStatusCode().value()).isEqualTo(StatusCodes.Bad_Timeout));
    assertThat(heard).containsExactly(2);
    server.answer(Answering.PROMPT);
    await().untilAsserted(() -> assertThat(heard).containsExactly(2, 0));
    assertThat(value("ns=2;s=lift-3.Floor")).isEqualTo(7.0);
  }

  @Test
  void aBrokenDeviceSaysSo() throws UaException {
    server.answer(Answering.EXCEPTION);
    assertThat(read("ns=2;s=lift-3.Floor").statusCode().value())
        .isEqualTo(StatusCodes.Bad_DeviceFailure);
  }

  @Test
  void aSlowDeviceAnswersLate() throws UaException {
    server.answer(Answering.SLOW);
    long begin = System.nanoTime();
    assertThat(value("ns=2;s=lift-3.Floor")).isEqualTo(7.0);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(650));
  }

  @Test
  void aHangingDeviceLeavesTheOthersOfItsConnectionAlone() throws Exception {
    HandClock clock = new HandClock(TestSite.SINCE.plusSeconds(60));
    PlayedDevice hanging = lift("lift-1", 5001, clock);
    PlayedDevice other = lift("lift-2", 5002, clock);
    hanging.show("hang", null);
    try (OpcUaBus bus = OpcUaBus.open("127.0.0.1", 0, List.of(hanging, other));
        Closer closer = new Closer(client(bus.port(), SecurityPolicy.None, 30_000))) {
      CompletableFuture<?> waiting =
          closer
              .client()
              .readValuesAsync(
                  0, TimestampsToReturn.Both, List.of(NodeId.parse("ns=2;s=lift-1.Floor")));
      assertThat(read(closer.client(), "ns=2;s=lift-2.Floor").statusCode().isGood()).isTrue();
      assertThat(waiting).isNotDone();
      hanging.clear("hang");
      assertThat(waiting).succeedsWithin(Duration.ofSeconds(10));
    }
  }

  @Test
  void twoDevicesCannotHaveOneNode() {
    HandClock clock = new HandClock(TestSite.SINCE.plusSeconds(60));
    assertThatThrownBy(
            () ->
                OpcUaBus.open(
                    "127.0.0.1",
                    0,
                    List.of(lift("lift-1", 5001, clock), lift("lift-2", 5001, clock))))
        .hasMessage("device 'lift-2', point 'runs': node 'ns=2;i=5001' is one of 'lift-1' already");
  }

  /** A lift whose counter has a node id that is a number, as it is in the server. */
  private static PlayedDevice lift(String key, int counterId, HandClock clock)
      throws IOException, YamlException {
    String text = Files.readString(TestSite.resource("profiles/test-lift.yaml"));
    Profile lift = ProfileLoader.parse("lift", text.replace("i=5001", "i=" + counterId));
    return new PlayedDevice(key, lift, 1, key, TestSite.SINCE, clock);
  }

  @Test
  void aPortThatIsTakenIsSaid() {
    assertThatThrownBy(() -> OpcUaBus.open("127.0.0.1", server.endpoint().getPort(), List.of()))
        .hasMessageContaining("taken");
  }

  private Collection<Object> subscribe(String node) throws Exception {
    Collection<Object> heard = new ConcurrentLinkedQueue<>();
    OpcUaSubscription subscription = new OpcUaSubscription(client, 200.0);
    subscription.create();
    OpcUaMonitoredItem item = OpcUaMonitoredItem.newDataItem(NodeId.parse(node));
    item.setDataValueListener(
        (i, value) -> {
          Object v = value.value().value();
          heard.add(v == null ? "nothing" : v);
        });
    subscription.addMonitoredItem(item);
    subscription.synchronizeMonitoredItems();
    return heard;
  }

  private Object value(String node) throws UaException {
    DataValue value = read(node);
    assertThat(value.statusCode().isGood()).as("%s is %s", node, value.statusCode()).isTrue();
    Object content = value.value().value();
    return content == null ? "nothing" : content;
  }

  private DataValue read(String node) throws UaException {
    return read(client, node);
  }

  private static DataValue read(OpcUaClient client, String node) throws UaException {
    return client.readValue(0, TimestampsToReturn.Both, NodeId.parse(node));
  }

  private OpcUaClient client(SecurityPolicy policy, int timeoutMillis) throws UaException {
    return client(server.endpoint().getPort(), policy, timeoutMillis);
  }

  private static OpcUaClient client(int port, SecurityPolicy policy, int timeoutMillis)
      throws UaException {
    String url = "opc.tcp://127.0.0.1:" + port + "/plantroom";
    OpcUaClient made =
        OpcUaClient.create(
            url,
            all ->
                all.stream()
                    .filter(e -> policy.getUri().equals(e.getSecurityPolicyUri()))
                    .findFirst(),
            transport -> {},
            config -> {
              config.setRequestTimeout(UInteger.valueOf(timeoutMillis));
              config.setKeyPair(Identity.keys());
              config.setCertificateValidator((chain, uri, names) -> {});
              try {
                X509Certificate[] chain = Identity.chain(Identity.keys());
                config.setCertificateChain(chain);
                config.setCertificate(chain[0]);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
              config.setApplicationUri(Identity.APPLICATION_URI);
            });
    return made.connect();
  }

  private record Closer(OpcUaClient client) implements AutoCloseable {
    @Override
    public void close() throws UaException {
      client.disconnect();
    }
  }
}
