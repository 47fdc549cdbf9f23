package io.plantroom.edge.driver.coap;

import io.plantroom.device.Access;
import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.driver.DriverFactory;
import io.plantroom.edge.driver.ProtocolDriver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedMultiPskStore;
import org.jspecify.annotations.Nullable;

/**
 * Devices at {@code coap://host:port?device=name}, or {@code coaps://} with a pre-shared key; all
 * of a scheme share one socket.
 */
public final class CoapDrivers implements DriverFactory {
  /** An answer may come in many blocks; this is more than a sensor has to say. */
  private static final int LONGEST_ANSWER = 65_536;

  static {
    CoapConfig.register();
    UdpConfig.register();
    DtlsConfig.register();
  }

  private final InstantSource clock;
  private final AdvancedMultiPskStore keys = new AdvancedMultiPskStore();
  private @Nullable CoapEndpoint plain;
  private @Nullable CoapEndpoint encrypted;
  private @Nullable DTLSConnector dtls;
  private @Nullable ScheduledThreadPoolExecutor timer;

  public CoapDrivers(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public ProtocolDriver open(DeviceConfig device) {
    String name = Objects.requireNonNullElse(device.parameter("device"), device.key());
    CoapPeer peer = peer(device.endpoint(), device.access());
    return new CoapDriver(peer, name, device.profile().limits(), clock);
  }

  synchronized CoapPeer peer(URI endpoint, Access access) {
    String scheme = String.valueOf(endpoint.getScheme()).toLowerCase(Locale.ROOT);
    String base = scheme + "://" + endpoint.getHost() + ":" + endpoint.getPort();
    if (!scheme.equals("coaps")) {
      plain = plain == null ? started(CoapEndpoint.builder(), settings()) : plain;
      return new CoapPeer(plain, timer(), base, null);
    }
    CoapEndpoint shared = encrypted == null ? encrypted() : encrypted;
    DTLSConnector connector = Objects.requireNonNull(dtls);
    return new CoapPeer(
        shared,
        timer(),
        base,
        new KeyLock(keys, connector, endpoint.getHost(), endpoint.getPort(), access));
  }

  /** One thread for the observations of all devices. */
  private ScheduledThreadPoolExecutor timer() {
    if (timer == null) {
      timer =
          new ScheduledThreadPoolExecutor(
              1,
              task -> {
                Thread thread = new Thread(task, "coap observations");
                thread.setDaemon(true);
                return thread;
              },
              new ThreadPoolExecutor.DiscardPolicy());
    }
    return timer;
  }

  private CoapEndpoint encrypted() {
    Configuration settings =
        settings()
            .set(DtlsConfig.DTLS_ROLE, DtlsRole.CLIENT_ONLY)
            .set(DtlsConfig.DTLS_RETRANSMISSION_TIMEOUT, 1, TimeUnit.SECONDS)
            .set(DtlsConfig.DTLS_MAX_RETRANSMISSIONS, 2)
            // Devices that can, keep their session when the address of this box changes.
            .set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, 0)
            .set(DtlsConfig.DTLS_MAX_CONNECTIONS, 10_000)
            .set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, 1)
            .set(DtlsConfig.DTLS_CONNECTOR_THREAD_COUNT, 1);
    dtls =
        new DTLSConnector(
            DtlsConnectorConfig.builder(settings)
                .setAddress(new InetSocketAddress(0))
                .setAdvancedPskStore(keys)
                .build());
    encrypted = started(CoapEndpoint.builder().setConnector(dtls), settings);
    return encrypted;
  }

  private static Configuration settings() {
    // Without a file: the library would write its defaults into the working directory.
    return Configuration.createStandardWithoutFile()
        .set(CoapConfig.MAX_RESOURCE_BODY_SIZE, LONGEST_ANSWER)
        // By default it keeps every message of the last four minutes to know copies by: all memory
        // of a small box at a few hundred a second. This keeps the last 64 of each device.
        .set(CoapConfig.DEDUPLICATOR, CoapConfig.DEDUPLICATOR_PEERS_MARK_AND_SWEEP);
  }

  private static CoapEndpoint started(CoapEndpoint.Builder builder, Configuration settings) {
    CoapEndpoint made = builder.setConfiguration(settings).build();
    try {
      made.start();
    } catch (IOException e) {
      throw new UncheckedIOException("CoAP cannot open a socket", e);
    }
    return made;
  }

  @Override
  public synchronized void close() {
    if (plain != null) {
      plain.destroy();
      plain = null;
    }
    if (encrypted != null) {
      encrypted.destroy();
      encrypted = null;
    }
    if (timer != null) {
      timer.shutdownNow();
      timer = null;
    }
  }
}
