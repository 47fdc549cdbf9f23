package io.plantroom.simulator.opcua;

import io.plantroom.simulator.device.BusServer;
import io.plantroom.simulator.device.Device;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.eclipse.milo.opcua.sdk.server.EndpointConfig;
import org.eclipse.milo.opcua.sdk.server.OpcUaServer;
import org.eclipse.milo.opcua.sdk.server.OpcUaServerConfig;
import org.eclipse.milo.opcua.sdk.server.OpcUaServerConfigLimits;
import org.eclipse.milo.opcua.sdk.server.identity.AnonymousIdentityValidator;
import org.eclipse.milo.opcua.sdk.server.identity.X509IdentityValidator;
import org.eclipse.milo.opcua.stack.core.security.DefaultApplicationGroup;
import org.eclipse.milo.opcua.stack.core.security.DefaultCertificateManager;
import org.eclipse.milo.opcua.stack.core.security.MemoryCertificateQuarantine;
import org.eclipse.milo.opcua.stack.core.security.MemoryCertificateStore;
import org.eclipse.milo.opcua.stack.core.security.MemoryTrustListManager;
import org.eclipse.milo.opcua.stack.core.security.RsaSha256CertificateFactory;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MessageSecurityMode;
import org.eclipse.milo.opcua.stack.core.types.structured.UserTokenPolicy;
import org.eclipse.milo.opcua.stack.transport.server.tcp.OpcTcpServerTransport;
import org.eclipse.milo.opcua.stack.transport.server.tcp.OpcTcpServerTransportConfig;
import org.jspecify.annotations.Nullable;

/**
 * An OPC UA server at {@code opc.tcp://host:port/plantroom}. It takes anonymous callers and any
 * certificate: there is nothing to steal from a building that does not exist, and it listens on
 * loopback unless told otherwise.
 */
public final class OpcUaBus implements BusServer {
  private static final int TRIES = 5;
  private static final long PATIENCE_SECONDS = 20;

  private final OpcUaServer server;
  private final DeviceNamespace devices;
  private final ExecutorService executor;
  private final int port;
  private final Limits limits = new Limits();

  private OpcUaBus(
      String host,
      int port,
      Collection<? extends Device> devices,
      @Nullable Predicate<X509Certificate> users)
      throws IOException {
    this.port = port;
    // A hanging device keeps a thread, so there must be no fixed number of them.
    this.executor =
        Executors.newCachedThreadPool(
            work -> {
              Thread thread = new Thread(work, "opc-ua-server");
              thread.setDaemon(true);
              return thread;
            });
    try {
      limits.refuses = !devices.stream().allMatch(Device::tells);
      this.server = server(host, port, limits, users);
    } catch (Exception e) {
      executor.shutdownNow();
      throw new IOException("cannot set up OPC UA security: " + e.getMessage(), e);
    }
    this.devices = new DeviceNamespace(server, devices);
  }

  /**
   * Starts to listen.
   *
   * @param port 0 for any free one
   * @throws IOException when the port is taken, or two devices want the same node
   */
  public static OpcUaBus open(String host, int port, Collection<? extends Device> devices)
      throws IOException {
    return openFor(host, port, devices, null);
  }

  /**
   * The same for those only who show such a certificate as users.
   *
   * @param users null lets everybody in who shows none
   */
  public static OpcUaBus openFor(
      String host,
      int port,
      Collection<? extends Device> devices,
      @Nullable Predicate<X509Certificate> users)
      throws IOException {
    DeviceNamespace.check(devices);
    // The server has to know its port beforehand; a free one may be gone a moment later.
    for (int left = port == 0 ? TRIES : 1; ; left--) {
      OpcUaBus bus = new OpcUaBus(host, port == 0 ? free(host) : port, devices, users);
      if (bus.start()) {
        return bus;
      }
      bus.close();
      if (left <= 1) {
        throw new IOException("the port is taken");
      }
    }
  }

  private static int free(String host) throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
      return socket.getLocalPort();
    }
  }

  /** Whether it listens; the server itself only logs when it cannot. */
  private boolean start() throws IOException {
    devices.startup();
    try {
      server.startup().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return !server.getBoundEndpoints().isEmpty();
  }

  /** From now on: whether it refuses new subscriptions, as one does that is full of old ones. */
  public void refuseSubscriptions(boolean refuse) {
    limits.refuses = refuse;
  }

  /** SHA-256 of the certificates by which those came who have a session, in hexadecimal. */
  public List<String> callers() {
    return server.getSessionManager().getAllSessions().stream()
        .map(s -> s.getSecurityConfiguration().getClientCertificate())
        .filter(Objects::nonNull)
        .map(OpcUaBus::fingerprint)
        .toList();
  }

  /** How many callers have a session. */
  public int sessions() {
    return server.getSessionManager().getAllSessions().size();
  }

  private static String fingerprint(X509Certificate certificate) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that cannot be encoded", e);
    }
  }

  /** Forgets all sessions and their subscriptions, as a server does that runs out of room. */
  public void endSessions() {
    server
        .getSessionManager()
        .getAllSessions()
        .forEach(s -> server.getSessionManager().killSession(s.getSessionId(), true));
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public void close() {
    devices.release();
    try {
      server.shutdown().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      devices.shutdown();
    } catch (ExecutionException | TimeoutException | IllegalStateException e) {
      // It was not up, or goes down with its threads below.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    executor.shutdownNow();
  }

  private OpcUaServer server(
      String host, int port, Limits limits, @Nullable Predicate<X509Certificate> users)
      throws Exception {
    MemoryCertificateQuarantine quarantine = new MemoryCertificateQuarantine();
    DefaultApplicationGroup group =
        DefaultApplicationGroup.createAndInitialize(
            new MemoryTrustListManager(),
            new MemoryCertificateStore(),
            new OwnCertificate(),
            (chain, uri, names) -> {});
    X509Certificate certificate =
        group.getCertificateEntries().stream().findFirst().orElseThrow().certificateChain[0];
    OpcUaServerConfig config =
        OpcUaServerConfig.builder()
            .setApplicationName(LocalizedText.english("Plantroom simulator"))
            .setApplicationUri(Identity.APPLICATION_URI)
            .setProductUri(Identity.APPLICATION_URI)
            .setEndpoints(
                endpoints(
                    host,
                    port,
                    certificate,
                    users == null
                        ? OpcUaServerConfig.USER_TOKEN_POLICY_ANONYMOUS
                        : OpcUaServerConfig.USER_TOKEN_POLICY_X509))
            .setCertificateManager(new DefaultCertificateManager(quarantine, group))
            .setIdentityValidator(
                users == null
                    ? AnonymousIdentityValidator.INSTANCE
                    : new X509IdentityValidator(users))
            .setExecutor(executor)
            .setLimits(limits)
            .build();
    return new OpcUaServer(
        config,
        profile ->
            new OpcTcpServerTransport(
                OpcTcpServerTransportConfig.newBuilder().setExecutor(executor).build()));
  }

  private static Set<EndpointConfig> endpoints(
      String host, int port, X509Certificate certificate, UserTokenPolicy users) {
    EndpointConfig.Builder base =
        EndpointConfig.newBuilder()
            .setBindAddress(host)
            .setHostname(host.equals("0.0.0.0") ? "127.0.0.1" : host)
            .setBindPort(port)
            .setPath("/plantroom")
            .setCertificate(certificate)
            .addTokenPolicy(users);
    return new LinkedHashSet<>(
        List.of(
            base.copy()
                .setSecurityPolicy(SecurityPolicy.None)
                .setSecurityMode(MessageSecurityMode.None)
                .build(),
            base.copy()
                .setSecurityPolicy(SecurityPolicy.Basic256Sha256)
                .setSecurityMode(MessageSecurityMode.SignAndEncrypt)
                .build()));
  }

  private static final class OwnCertificate extends RsaSha256CertificateFactory {
    @Override
    protected KeyPair createRsaSha256KeyPair() {
      return Identity.keys();
    }

    @Override
    protected X509Certificate[] createRsaSha256CertificateChain(KeyPair keys) throws Exception {
      return Identity.chain(keys);
    }
  }

  /** As servers that can only be read, or are full: who asks for a subscription is refused. */
  private static final class Limits implements OpcUaServerConfigLimits {
    volatile boolean refuses;

    @Override
    public UInteger getMaxSubscriptionsPerSession() {
      return refuses
          ? UInteger.valueOf(0)
          : OpcUaServerConfigLimits.super.getMaxSubscriptionsPerSession();
    }
  }
}
