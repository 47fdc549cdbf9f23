package io.plantroom.edge.driver.coap;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.driver.DriverFactory;
import io.plantroom.edge.driver.ProtocolDriver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Objects;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.UdpConfig;
import org.jspecify.annotations.Nullable;

/** Devices at {@code coap://host:port?device=name}; all share one socket. */
public final class CoapDrivers implements DriverFactory {
  static {
    CoapConfig.register();
    UdpConfig.register();
  }

  private final InstantSource clock;
  private @Nullable CoapEndpoint endpoint;

  public CoapDrivers(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public ProtocolDriver open(DeviceConfig device) {
    String base = "coap://" + device.endpoint().getHost() + ":" + device.endpoint().getPort();
    String name = Objects.requireNonNullElse(device.parameter("device"), device.key());
    return new CoapDriver(endpoint(), base, name, device.profile().limits(), clock);
  }

  private synchronized CoapEndpoint endpoint() {
    if (endpoint == null) {
      // Without a file: the library would write its defaults into the working directory.
      Configuration settings = Configuration.createStandardWithoutFile();
      CoapEndpoint made = CoapEndpoint.builder().setConfiguration(settings).build();
      try {
        made.start();
      } catch (IOException e) {
        throw new UncheckedIOException("CoAP cannot open a socket", e);
      }
      endpoint = made;
    }
    return endpoint;
  }

  @Override
  public synchronized void close() {
    if (endpoint != null) {
      endpoint.destroy();
      endpoint = null;
    }
  }
}
