package io.plantroom.simulator.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.plantroom.profile.Quantity;
import io.plantroom.simulator.ProfileServer;
import io.plantroom.simulator.TestSite;
import io.plantroom.simulator.device.Answering;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapHandler;
import org.eclipse.californium.core.CoapObserveRelation;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.config.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CoapBusTest {
  private static final int ANY = MediaTypeRegistry.UNDEFINED;

  private ProfileServer server;
  private CoapEndpoint endpoint;

  @BeforeEach
  void serve() throws Exception {
    server =
        ProfileServer.serve(
            TestSite.profile("test-sensor"),
            "sensor-1",
            Map.of(
                "temperature", new Quantity.Analog(-3.25),
                "leak", new Quantity.State(0),
                "volume", new Quantity.Counter(new BigDecimal("812.345")),
                "flow", new Quantity.Analog(0.0021),
                "number", new Quantity.Text("W-1")));
    assertThat(server.endpoint().toString())
        .matches("coap://127\\.0\\.0\\.1:\\d+\\?device=sensor-1");
    endpoint =
        CoapEndpoint.builder()
            .setConfiguration(Configuration.createStandardWithoutFile())
            .setPort(0)
            .build();
    endpoint.start();
  }

  @AfterEach
  void stop() {
    endpoint.destroy();
    server.close();
  }

  @Test
  void aResourceSaysItsValueAsSenmlJson() throws Exception {
    CoapResponse response = get("/sensor-1/3303/0/5700", ANY);
    assertThat(response.getOptions().getContentFormat()).isEqualTo(110);
    assertThat(response.getOptions().getMaxAge()).isEqualTo(30);
    assertThat(new JsonArray(response.getResponseText()))
        .isEqualTo(
            new JsonArray(
                "[{\"bn\":\"/sensor-1/3303/0/\",\"n\":\"5700\",\"u\":\"Cel\",\"v\":-3.25}]"));
  }

  @Test
  void countersAreDecimalsAndFlagsAreBooleansAndTextsAreStrings() throws Exception {
    assertThat(get("/sensor-1/3424/0/1", ANY).getResponseText()).contains("\"v\":812.345");
    assertThat(get("/sensor-1/3200/0/5500", ANY).getResponseText()).contains("\"vb\":false");
    assertThat(get("/sensor-1/3/0/2", ANY).getResponseText()).contains("\"vs\":\"W-1\"");
  }

  @Test
  void anInstanceSaysAllThatIsBelowIt() throws Exception {
    JsonArray pack = new JsonArray(get("/sensor-1/3424/0", ANY).getResponseText());
    assertThat(pack.getJsonObject(0).getString("bn")).isEqualTo("/sensor-1/3424/0/");
    assertThat(pack.stream().map(r -> ((JsonObject) r).getString("n"))).containsExactly("8", "1");
  }

  @Test
  void aDeviceSaysEverythingBelowItsOwnName() throws Exception {
    JsonArray pack = new JsonArray(get("/sensor-1", ANY).getResponseText());
    assertThat(pack.getJsonObject(0).getString("bn")).isEqualTo("/sensor-1/");
    assertThat(pack.stream().map(r -> ((JsonObject) r).getString("n")))
        .containsExactly("3/0/2", "3200/0/5500", "3303/0/5700", "3424/0/8", "3424/0/1");
  }

  @Test
  void aSensorWithoutAValueLeavesItOut() throws Exception {
    server.set("temperature", new Quantity.NotAvailable());
    assertThat(get("/sensor-1/3303/0/5700", ANY).getCode()).isEqualTo(ResponseCode.NOT_FOUND);
    assertThat(new JsonArray(get("/sensor-1", ANY).getResponseText())).hasSize(4);
  }

  @Test
  void plainTextAndCborAreForThoseWhoAskForThem() throws Exception {
    CoapResponse text = get("/sensor-1/3200/0/5500", 0);
    assertThat(text.getOptions().getContentFormat()).isZero();
    assertThat(text.getResponseText()).isEqualTo("0");
    CoapResponse cbor = get("/sensor-1/3424/0/1", 112);
    assertThat(cbor.getOptions().getContentFormat()).isEqualTo(112);
    // [{-2: "/sensor-1/3424/0/", 0: "1", 1: "m3", 2: 4([-3, 812345])}]
    assertThat(HexFormat.of().formatHex(cbor.getPayload()))
        .isEqualTo(
            "81a4"
                + "2171"
                + HexFormat.of().formatHex("/sensor-1/3424/0/".getBytes(StandardCharsets.UTF_8))
                + "006131"
                + "01626d33"
                + "02c482221a000c6539");
    assertThat(get("/sensor-1/3424/0/1", 50).getCode()).isEqualTo(ResponseCode.NOT_ACCEPTABLE);
  }

  @Test
  void whatIsNotThereIsNotFound() throws Exception {
    assertThat(get("/sensor-1/3303/1/5700", ANY).getCode()).isEqualTo(ResponseCode.NOT_FOUND);
    assertThat(get("/sensor-2/3303/0/5700", ANY).getCode()).isEqualTo(ResponseCode.NOT_FOUND);
  }

  @Test
  void discoveryListsWhatCanBeReadAndObserved() throws Exception {
    String links = get("/.well-known/core", ANY).getResponseText();
    assertThat(links)
        .contains("</sensor-1/3303/0/5700>")
        .contains("</sensor-1/3424/0/1>")
        .contains("obs")
        .contains("ct=\"110 112 0\"");
  }

  @Test
  void anObserverHearsOfChanges() {
    Observer observer = observe("/sensor-1/3200/0/5500");
    await().untilAsserted(() -> assertThat(observer.heard()).hasSize(1));
    assertThat(observer.heard().peek()).contains("false");
    server.set("leak", new Quantity.State(1));
    await()
        .untilAsserted(
            () -> assertThat(List.copyOf(observer.heard())).last().asString().contains("true"));
    observer.relation().proactiveCancel();
  }

  @Test
  void aHangingSensorIsSilentAndThenItIsThereAgain() throws Exception {
    Observer observer = observe("/sensor-1/3200/0/5500");
    await().untilAsserted(() -> assertThat(observer.heard()).hasSize(1));
    server.answer(Answering.HANG);
    server.set("leak", new Quantity.State(1));
    assertThat(client("/sensor-1/3303/0/5700").setTimeout(1500L).get()).isNull();
    assertThat(observer.heard()).hasSize(1);
    server.answer(Answering.PROMPT);
    await().untilAsserted(() -> assertThat(observer.heard()).hasSizeGreaterThan(1));
    observer.relation().proactiveCancel();
  }

  @Test
  void aBrokenSensorSaysSo() throws Exception {
    server.answer(Answering.EXCEPTION);
    assertThat(get("/sensor-1/3303/0/5700", ANY).getCode())
        .isEqualTo(ResponseCode.INTERNAL_SERVER_ERROR);
  }

  @Test
  void aSlowSensorAnswersLate() throws Exception {
    server.answer(Answering.SLOW);
    long begin = System.nanoTime();
    assertThat(get("/sensor-1/3303/0/5700", ANY).getCode()).isEqualTo(ResponseCode.CONTENT);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(650));
  }

  @Test
  void aPortThatIsTakenIsSaid() {
    assertThatThrownBy(() -> CoapBus.open("127.0.0.1", server.endpoint().getPort(), List.of()))
        .hasMessageContaining("taken");
  }

  private record Observer(CoapObserveRelation relation, Queue<String> heard) {}

  private Observer observe(String path) {
    Queue<String> heard = new ConcurrentLinkedQueue<>();
    CoapObserveRelation relation =
        client(path)
            .observe(
                new CoapHandler() {
                  @Override
                  public void onLoad(CoapResponse response) {
                    heard.add(response.getResponseText());
                  }

                  @Override
                  public void onError() {
                    heard.add("error");
                  }
                });
    return new Observer(relation, heard);
  }

  private CoapResponse get(String path, int accept) throws Exception {
    CoapClient client = client(path).setTimeout(5000L);
    CoapResponse response = accept == ANY ? client.get() : client.get(accept);
    assertThat(response).as("answer of %s", path).isNotNull();
    return response;
  }

  private CoapClient client(String path) {
    return new CoapClient("coap://127.0.0.1:" + server.endpoint().getPort() + path)
        .setEndpoint(endpoint);
  }
}
