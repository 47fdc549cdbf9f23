package io.plantroom.edge.driver.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.plantroom.edge.TestDevices;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.WritingDriver;
import io.plantroom.profile.Point;
import io.plantroom.profile.Raw;
import io.plantroom.telemetry.Cause;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.core.server.resources.Resource;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.UdpConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is sent to a CoAP device that is to be set, byte by byte. */
class CoapWriteTest {
  private final CoapDrivers drivers = new CoapDrivers(InstantSource.system());
  private final CoapEndpoint endpoint = endpoint();
  private final CoapServer server = new CoapServer(Configuration.createStandardWithoutFile());
  private final List<Put> puts = new CopyOnWriteArrayList<>();

  private volatile int format = MediaTypeRegistry.TEXT_PLAIN;
  private volatile byte[] shows = {};
  private volatile ResponseCode word = ResponseCode.CHANGED;
  private volatile boolean silent;

  private record Put(String path, int format, String text, String hex) {}

  private static CoapEndpoint endpoint() {
    CoapConfig.register();
    UdpConfig.register();
    return CoapEndpoint.builder()
        // A device that does not know a repeated message: each copy would be carried out.
        .setConfiguration(
            Configuration.createStandardWithoutFile()
                .set(CoapConfig.DEDUPLICATOR, CoapConfig.NO_DEDUPLICATOR))
        .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .build();
  }

  private final class Anything extends CoapResource {
    Anything() {
      super("dev");
    }

    @Override
    public Resource getChild(String name) {
      return this;
    }

    @Override
    public void handleGET(CoapExchange exchange) {
      exchange.respond(ResponseCode.CONTENT, shows, format);
    }

    @Override
    public void handlePUT(CoapExchange exchange) {
      puts.add(
          new Put(
              "/" + exchange.getRequestOptions().getUriPathString(),
              exchange.getRequestOptions().getContentFormat(),
              exchange.getRequestText(),
              HexFormat.of().formatHex(exchange.getRequestPayload())));
      if (!silent) {
        exchange.respond(word);
      }
    }
  }

  @BeforeEach
  void start() {
    server.addEndpoint(endpoint);
    server.add(new Anything());
    server.start();
  }

  @AfterEach
  void stop() {
    drivers.close();
    server.destroy();
  }

  private void shows(int as, String text) {
    format = as;
    shows = text.getBytes(StandardCharsets.UTF_8);
  }

  private void showsHex(int as, String hex) {
    format = as;
    shows = HexFormat.of().parseHex(hex);
  }

  private static Point point(String name) {
    return TestDevices.profile("test-valve").point(name).orElseThrow();
  }

  private WritingDriver driver() {
    String uri = "coap://127.0.0.1:" + endpoint.getAddress().getPort() + "?device=dev";
    return (WritingDriver)
        drivers.open(TestDevices.device("v", "test-valve", uri, Duration.ofSeconds(1)));
  }

  private Put written(String point, String value) throws Exception {
    puts.clear();
    driver().write(point(point), new Raw.Exact(new BigDecimal(value)));
    assertThat(puts).hasSize(1);
    return puts.get(0);
  }

  @Test
  void whatShowsPlainTextIsSetByPlainText() throws Exception {
    shows(MediaTypeRegistry.TEXT_PLAIN, "20");
    Put put = written("opening", "62.50");
    assertThat(put.path()).isEqualTo("/dev/3308/0/5900");
    assertThat(put.format()).isEqualTo(MediaTypeRegistry.TEXT_PLAIN);
    assertThat(put.text()).isEqualTo("62.5");
    assertThat(written("opening", "1E+2").text()).isEqualTo("100");
    assertThat(written("on", "1").text()).isEqualTo("1");
  }

  @Test
  void aYesIsWrittenInTheWordsOfTheDevice() throws Exception {
    shows(MediaTypeRegistry.TEXT_PLAIN, "false");
    assertThat(written("on", "1").text()).isEqualTo("true");
    shows(
        MediaTypeRegistry.APPLICATION_SENML_JSON,
        "[{\"bn\":\"/3306/0/\",\"n\":\"5850\",\"vb\":true}]");
    assertThat(written("on", "0").text()).isEqualTo("[{\"bn\":\"/3306/0/5850\",\"vb\":false}]");
  }

  @Test
  void whatShowsSenMlIsSetBySenMlUnderTheNameItShows() throws Exception {
    shows(
        MediaTypeRegistry.APPLICATION_SENML_JSON,
        "[{\"bn\":\"urn:dev:1/\",\"n\":\"sp\",\"v\":20}]");
    Put json = written("opening", "62.5");
    assertThat(json.format()).isEqualTo(MediaTypeRegistry.APPLICATION_SENML_JSON);
    assertThat(json.text()).isEqualTo("[{\"bn\":\"urn:dev:1/sp\",\"v\":62.5}]");

    // [{-2: "sp", 2: 20}]
    showsHex(MediaTypeRegistry.APPLICATION_SENML_CBOR, "81a22162737002" + "14");
    Put whole = written("opening", "62");
    assertThat(whole.format()).isEqualTo(MediaTypeRegistry.APPLICATION_SENML_CBOR);
    assertThat(whole.hex()).isEqualTo("81a22162737002" + "183e");
    assertThat(written("opening", "62.5").hex()).isEqualTo("81a22162737002" + "fb404f400000000000");
    showsHex(MediaTypeRegistry.APPLICATION_SENML_CBOR, "81a22162737004" + "f4");
    assertThat(written("on", "1").hex()).isEqualTo("81a22162737004" + "f5");
  }

  @Test
  void lwm2mJsonAndTlvAreWrittenAsTheModelSays() throws Exception {
    shows(Told.LWM2M_JSON, "{\"bn\":\"/3308/0/\",\"e\":[{\"n\":\"5900\",\"v\":20}]}");
    assertThat(written("opening", "62.5").text())
        .isEqualTo("{\"bn\":\"/3308/0/5900\",\"e\":[{\"n\":\"\",\"v\":62.5}]}");

    showsHex(Told.LWM2M_TLV, "E116DB32");
    Put tlv = written("dimmer", "75");
    assertThat(tlv.format()).isEqualTo(Told.LWM2M_TLV);
    assertThat(tlv.hex()).isEqualToIgnoringCase("E116DB4B");
    // It shows text and wants TLV: the model names the format.
    shows(MediaTypeRegistry.TEXT_PLAIN, "50");
    assertThat(written("dimmer", "75").hex()).isEqualToIgnoringCase("E116DB4B");
  }

  @Test
  void aResourceOfSeveralValuesIsNotReplacedByOne() {
    shows(
        MediaTypeRegistry.APPLICATION_SENML_JSON,
        "[{\"bn\":\"/3308/0/\",\"n\":\"5900\",\"v\":20},{\"n\":\"5701\",\"vs\":\"%\"}]");
    assertThatThrownBy(() -> written("opening", "62.5"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("shows 2 values");
    showsHex(Told.LWM2M_TLV, "E4170C41A00000");
    assertThatThrownBy(() -> written("opening", "62.5")).hasMessageContaining("coap/type");
    shows(MediaTypeRegistry.TEXT_PLAIN, "50");
    assertThatThrownBy(() -> written("dimmer", "62.5")).hasMessageContaining("62.5");
    assertThat(puts).isEmpty();
  }

  @Test
  void aDeviceThatRefusesSaysWhy() {
    shows(MediaTypeRegistry.TEXT_PLAIN, "20");
    word = ResponseCode.UNSUPPORTED_CONTENT_FORMAT;
    DriverException refused =
        catchThrowableOfType(DriverException.class, () -> written("opening", "62.5"));
    assertThat(refused.reason()).isEqualTo(Cause.DEVICE_EXCEPTION);
    assertThat(refused).hasMessageContaining("/dev/3308/0/5900: 4.15");
  }

  @Test
  void aWriteThatNobodyConfirmsIsNotRepeated() {
    shows(MediaTypeRegistry.TEXT_PLAIN, "20");
    silent = true;
    // The model's patience of 5 s is longer than the library's before it sends again (2 to 3 s).
    DriverException e =
        catchThrowableOfType(DriverException.class, () -> written("opening", "62.5"));
    assertThat(e.reason()).isEqualTo(Cause.TIMEOUT);
    assertThat(puts).hasSize(1);
  }
}
