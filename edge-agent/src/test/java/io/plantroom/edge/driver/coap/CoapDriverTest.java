package io.plantroom.edge.driver.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.plantroom.edge.TestDevices;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.RawValue;
import io.plantroom.edge.driver.SubscribingDriver;
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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.core.server.resources.Resource;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.UdpConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CoapDriverTest {
  private static final List<Point> POINTS = TestDevices.profile("test-sensor").points();

  private final CoapDrivers drivers = new CoapDrivers(InstantSource.system());
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final CoapEndpoint endpoint = endpoint();
  private final CoapServer server = new CoapServer(Configuration.createStandardWithoutFile());
  private final Anything resource = new Anything();

  /** Of the requests, notifications are not counted. */
  private final List<String> requests = new CopyOnWriteArrayList<>();

  private volatile boolean silent;
  private volatile boolean onlyCbor;
  private volatile long maxAge = 60;

  /** The payload has a character for each byte. */
  private record Answer(ResponseCode code, int format, String payload) {
    byte[] bytes() {
      return payload.getBytes(StandardCharsets.ISO_8859_1);
    }
  }

  private static CoapEndpoint endpoint() {
    CoapConfig.register();
    UdpConfig.register();
    return CoapEndpoint.builder()
        .setConfiguration(Configuration.createStandardWithoutFile())
        .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .build();
  }

  /** Answers at every path below it with what the test put there. */
  private final class Anything extends CoapResource {
    Anything() {
      super("dev");
      setObservable(true);
    }

    @Override
    public Resource getChild(String name) {
      return this;
    }

    @Override
    public void handleGET(CoapExchange exchange) {
      String path = "/" + exchange.getRequestOptions().getUriPathString();
      Answer a = answers.get(path);
      boolean notification = exchange.advanced().getRelation() != null;
      if (!notification || exchange.getRequestOptions().hasObserve()) {
        requests.add(path);
      }
      exchange.setMaxAge(maxAge);
      if (silent) {
        exchange.accept();
      } else if (onlyCbor && exchange.getRequestOptions().getAccept() != 112) {
        exchange.respond(ResponseCode.NOT_ACCEPTABLE);
      } else if (a == null) {
        exchange.respond(ResponseCode.NOT_FOUND);
      } else {
        exchange.respond(a.code, a.bytes(), a.format);
      }
    }
  }

  @BeforeEach
  void start() {
    server.addEndpoint(endpoint);
    server.add(resource);
    server.start();
    answers.put(
        "/dev/3303",
        json("[{\"bn\":\"/dev/3303/\",\"n\":\"0/5700\",\"v\":21.5},{\"n\":\"0/9\",\"v\":88}]"));
    answers.put("/dev/3/0/3", new Answer(ResponseCode.CONTENT, 0, "v1.2"));
    answers.put("/dev/3200/0/5500", json("[{\"bn\":\"/dev/3200/0/5500\",\"vb\":false}]"));
  }

  private static Answer json(String text) {
    return new Answer(ResponseCode.CONTENT, 110, text);
  }

  @AfterEach
  void stop() {
    drivers.close();
    server.destroy();
  }

  private SubscribingDriver driver() {
    String uri = "coap://127.0.0.1:" + endpoint.getAddress().getPort() + "?device=dev";
    return (SubscribingDriver)
        drivers.open(TestDevices.device("s", "test-sensor", uri, Duration.ofSeconds(1)));
  }

  @Test
  void senMlAndTextBecomeValues() throws Exception {
    List<RawValue> values = driver().read(POINTS);
    assertThat(values)
        .extracting(RawValue::raw)
        .containsExactly(
            new Raw.Exact(new BigDecimal("21.5")),
            new Raw.Exact(new BigDecimal("88")),
            new Raw.Text("v1.2"),
            new Raw.Whole(0));
  }

  @Test
  void aDeviceThatSpeaksOnlyCborIsUnderstood() throws Exception {
    onlyCbor = true;
    // [{-2: "/dev/3303/", 0: "0/5700", 2: 21.4 as a float}, {0: "0/9", 2: 4([-1, 885])}]
    answers.put(
        "/dev/3303",
        cbor(
            "82a3216a2f6465762f333330332f0066302f353730300 2fa41ab3333a20063302f3902c4822019 0375"));
    answers.put("/dev/3200/0/5500", cbor("81a2006a2f333230302f302f353504f5"));
    List<RawValue> values = driver().read(POINTS);
    assertThat(values.get(0).raw()).isEqualTo(new Raw.Exact(new BigDecimal("21.4")));
    assertThat(values.get(1).raw()).isEqualTo(new Raw.Exact(new BigDecimal("88.5")));
    assertThat(values.get(3).raw()).isEqualTo(new Raw.Whole(1));
  }

  private static Answer cbor(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    return new Answer(ResponseCode.CONTENT, 112, new String(bytes, StandardCharsets.ISO_8859_1));
  }

  @Test
  void anAnswerOfManyBlocksIsRead() throws Exception {
    StringBuilder pack = new StringBuilder("[{\"bn\":\"/dev/3303/\",\"n\":\"0/5700\",\"v\":21.5}");
    for (int i = 0; i < 500; i++) {
      pack.append(",{\"n\":\"7/").append(i).append("\",\"v\":").append(i).append('}');
    }
    answers.put("/dev/3303", json(pack.append(",{\"n\":\"0/9\",\"v\":77}]").toString()));
    assertThat(driver().read(POINTS).get(1).raw()).isEqualTo(new Raw.Exact(new BigDecimal("77")));
  }

  @Test
  void whatWasToldIsNotAskedForWhileItHolds() throws Exception {
    List<RawValue> heard = new CopyOnWriteArrayList<>();
    SubscribingDriver driver = driver();
    driver.subscribe(POINTS, heard::addAll);
    await().until(() -> heard.size() == 1);
    List<Point> leak = List.of(POINTS.get(3));
    requests.clear();
    for (int i = 0; i < 5; i++) {
      assertThat(driver.read(leak).get(0)).isEqualTo(heard.get(0));
      assertThat(driver.known(leak)).isNotNull().containsExactly(heard.get(0));
    }
    assertThat(requests).isEmpty();
    assertThat(driver.known(POINTS)).as("some must be asked for").isNull();
  }

  @Test
  void aDeviceThatIsSilentBeyondMaxAgeIsStale() {
    maxAge = 1;
    List<RawValue> heard = new CopyOnWriteArrayList<>();
    SubscribingDriver driver = driver();
    driver.subscribe(POINTS, heard::addAll);
    await().until(() -> heard.size() == 1);
    silent = true;
    List<Point> leak = List.of(POINTS.get(3));
    await().atMost(Duration.ofSeconds(60)).until(() -> driver.known(leak) == null);
    AtomicReference<@Nullable DriverException> failed = new AtomicReference<>();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              failed.set(catchThrowableOfType(DriverException.class, () -> driver.read(leak)));
              return failed.get() != null;
            });
    assertThat(failed.get()).extracting(DriverException::reason).isEqualTo(Cause.STALE);
    silent = false;
    int before = heard.size();
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptionsInstanceOf(DriverException.class)
        .until(() -> !driver.read(leak).isEmpty() && heard.size() > before);
  }

  @Test
  void aDeviceThatLostItsObserversIsAskedToTellAgain() {
    maxAge = 1;
    List<RawValue> heard = new CopyOnWriteArrayList<>();
    driver().subscribe(POINTS, heard::addAll);
    await().until(() -> heard.size() == 1);
    resource.clearObserveRelations();
    await().atMost(Duration.ofSeconds(30)).until(() -> heard.size() >= 2);
    int before = heard.size();
    answers.put("/dev/3200/0/5500", json("[{\"bn\":\"/dev/3200/0/5500\",\"vb\":true}]"));
    resource.changed();
    await().atMost(Duration.ofSeconds(30)).until(() -> heard.size() > before);
    await().until(() -> new Raw.Whole(1).equals(heard.get(heard.size() - 1).raw()));
  }

  @Test
  void aDeviceThatCannotTellIsPolledAndNotAskedToTellEachTime() throws Exception {
    resource.setObservable(false);
    List<RawValue> heard = new CopyOnWriteArrayList<>();
    SubscribingDriver driver = driver();
    driver.subscribe(POINTS, heard::addAll);
    await().until(() -> heard.size() == 1);
    List<Point> leak = List.of(POINTS.get(3));
    requests.clear();
    for (int i = 0; i < 5; i++) {
      answers.put(
          "/dev/3200/0/5500", json("[{\"bn\":\"/dev/3200/0/5500\",\"vb\":" + (i % 2 == 1) + "}]"));
      assertThat(driver.read(leak).get(0).raw()).isEqualTo(new Raw.Whole(i % 2));
    }
    assertThat(requests).hasSize(5);
  }

  @Test
  void oneBadResourceSpoilsOnlyItsOwnPoints() throws Exception {
    answers.put("/dev/3303", json("[{\"bn\":"));
    answers.remove("/dev/3/0/3");
    answers.put("/dev/3200/0/5500", new Answer(ResponseCode.INTERNAL_SERVER_ERROR, 0, "no"));
    assertThat(driver().read(POINTS))
        .extracting(RawValue::cause)
        .containsExactly(
            Cause.INVALID_REPLY, Cause.INVALID_REPLY, Cause.NOT_AVAILABLE, Cause.DEVICE_EXCEPTION);
  }

  @Test
  void aNumberOfAThousandMillionDigitsIsRefused() throws Exception {
    answers.put("/dev/3303", json("[{\"bn\":\"/dev/3303/\",\"n\":\"0/5700\",\"v\":1e999999999}]"));
    assertThat(driver().read(POINTS).get(0).cause()).isEqualTo(Cause.INVALID_REPLY);
  }

  @Test
  void aSilentDeviceIsATimeout() {
    SubscribingDriver driver = driver();
    server.stop();
    DriverException e = catchThrowableOfType(DriverException.class, () -> driver.read(POINTS));
    assertThat(e.reason()).isEqualTo(Cause.TIMEOUT);
  }

  @Test
  void anObservedChangeComesWithoutAPoll() {
    List<RawValue> heard = new CopyOnWriteArrayList<>();
    driver().subscribe(POINTS, heard::addAll);
    await().until(() -> heard.size() == 1);
    answers.put("/dev/3200/0/5500", json("[{\"bn\":\"/dev/3200/0/5500\",\"vb\":true}]"));
    resource.changed();
    await().until(() -> heard.size() == 2);
    assertThat(heard.get(1).point()).isEqualTo("leak");
    assertThat(heard.get(1).raw()).isEqualTo(new Raw.Whole(1));
  }

  @Test
  void observationsShareTheirThreads() {
    for (int i = 0; i < 40; i++) {
      driver().subscribe(POINTS, values -> {});
    }
    await().until(() -> requests.size() >= 40);
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(
            t -> t.getName().startsWith("CoapClient") || t.getName().contains("observations"))
        .hasSizeLessThan(5);
  }

  @Test
  void anObservationThatCouldNotBeginBeginsWhenTheDeviceIsBack() throws Exception {
    answers.remove("/dev/3200/0/5500");
    List<RawValue> heard = new CopyOnWriteArrayList<>();
    SubscribingDriver driver = driver();
    driver.subscribe(POINTS, heard::addAll);
    await().until(() -> heard.size() == 1);
    assertThat(heard.get(0).cause()).isEqualTo(Cause.NOT_AVAILABLE);
    answers.put("/dev/3200/0/5500", json("[{\"bn\":\"/dev/3200/0/5500\",\"vb\":true}]"));
    assertThat(driver.read(POINTS)).hasSize(4);
    await().until(() -> heard.size() == 2);
    assertThat(heard.get(1).raw()).isEqualTo(new Raw.Whole(1));
  }
}
