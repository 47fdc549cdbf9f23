package io.plantroom.simulator.coap;

import io.plantroom.profile.Point;
import io.plantroom.simulator.device.BusServer;
import io.plantroom.simulator.device.Device;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.server.resources.Resource;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedSinglePskStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A CoAP listener with sensors that can be read, observed and discovered. */
public final class CoapBus implements BusServer {
  private static final Logger LOGGER = LoggerFactory.getLogger(CoapBus.class);
  private static final long LOOK_MILLIS = 500;

  /** By which callers of a secure bus are known; there is nothing to steal behind it. */
  public static final String IDENTITY = "gateway";

  /** The pre-shared key of a secure bus. */
  public static final String KEY = "key-of-a-building-that-does-not-exist";

  static {
    CoapConfig.register();
    UdpConfig.register();
    DtlsConfig.register();
  }

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "coap-sensors");
            thread.setDaemon(true);
            return thread;
          });
  private final List<SensorResource> resources = new ArrayList<>();
  private final CoapServer server;
  private final CoapEndpoint endpoint;

  private final boolean secure;

  private CoapBus(String host, int port, boolean secure) {
    Configuration configuration = Configuration.createStandardWithoutFile();
    InetSocketAddress address = new InetSocketAddress(host, port);
    CoapEndpoint.Builder builder = CoapEndpoint.builder().setConfiguration(configuration);
    this.secure = secure;
    this.server = new CoapServer(configuration);
    this.endpoint =
        secure
            ? builder.setConnector(dtls(configuration, address)).build()
            : builder.setInetSocketAddress(address).build();
    server.addEndpoint(endpoint);
  }

  /**
   * Starts to listen.
   *
   * @param port 0 for any free one
   * @throws IOException when the port is taken, or two devices want the same resource
   */
  public static CoapBus open(String host, int port, Collection<? extends Device> devices)
      throws IOException {
    return open(new CoapBus(host, port, false), devices);
  }

  /** The same over DTLS with a pre-shared key; these sensors speak SenML in CBOR alone. */
  public static CoapBus openSecure(String host, int port, Collection<? extends Device> devices)
      throws IOException {
    return open(new CoapBus(host, port, true), devices);
  }

  private static DTLSConnector dtls(Configuration configuration, InetSocketAddress address) {
    return new DTLSConnector(
        DtlsConnectorConfig.builder(configuration)
            .setAddress(address)
            .setAdvancedPskStore(
                new AdvancedSinglePskStore(IDENTITY, KEY.getBytes(StandardCharsets.UTF_8)))
            .build());
  }

  private static CoapBus open(CoapBus bus, Collection<? extends Device> devices)
      throws IOException {
    try {
      for (Device device : devices) {
        for (Point point : device.profile().points()) {
          bus.add(device, point);
        }
      }
      bus.listen();
    } catch (IOException | RuntimeException e) {
      bus.close();
      throw e;
    }
    bus.lookEveryNowAndThen();
    return bus;
  }

  private void lookEveryNowAndThen() {
    ScheduledFuture<?> unused =
        timer.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    for (SensorResource resource : resources) {
      try {
        resource.look();
      } catch (RuntimeException e) {
        // One sensor in trouble must not end the notifications of the others.
        LOGGER.atWarn().addKeyValue("path", resource.getURI()).setCause(e).log("not notified");
      }
    }
  }

  private void listen() throws IOException {
    try {
      server.start();
    } catch (IllegalStateException e) {
      throw new IOException("the port is taken", e);
    }
  }

  @Override
  public int port() {
    return endpoint.getAddress().getPort();
  }

  @Override
  public void close() {
    timer.shutdownNow();
    server.destroy();
  }

  private void add(Device device, Point point) throws IOException {
    if (point.coap() == null || device.now().of(point).isEmpty()) {
      return;
    }
    Resource at = server.getRoot();
    for (String segment : point.coap().path().replace("{device}", device.key()).split("/", -1)) {
      if (!segment.isEmpty()) {
        at = child(at, segment, device);
      }
    }
    if (!(at instanceof SensorResource sensor) || sensor.device() != device) {
      throw new IOException(
          "device '" + device.key() + "': path " + point.coap().path() + " is somebody else's");
    }
    sensor.says(point, point.coap().record());
    if (!resources.contains(sensor)) {
      resources.add(sensor);
    }
  }

  private Resource child(Resource parent, String name, Device device) {
    Resource known = parent.getChild(name);
    if (known != null) {
      return known;
    }
    SensorResource made = new SensorResource(name, device, timer, secure);
    parent.add(made);
    return made;
  }
}
