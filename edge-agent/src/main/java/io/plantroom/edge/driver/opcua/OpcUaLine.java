package io.plantroom.edge.driver.opcua;

import io.plantroom.edge.driver.DriverException;
import io.plantroom.telemetry.Cause;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.milo.opcua.sdk.client.DiscoveryClient;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.sdk.client.OpcUaClientConfigBuilder;
import org.eclipse.milo.opcua.sdk.client.identity.UsernameProvider;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MessageSecurityMode;
import org.eclipse.milo.opcua.stack.core.types.enumerated.TimestampsToReturn;
import org.eclipse.milo.opcua.stack.core.types.structured.EndpointDescription;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadValueId;
import org.eclipse.milo.opcua.stack.core.util.EndpointUtil;
import org.jspecify.annotations.Nullable;

/** One session with a server, shared by its devices. Used by one thread at a time. */
final class OpcUaLine {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final int PATIENCE = 3;

  private final URI server;
  private final boolean secure;
  private final Path folder;
  private @Nullable OpcUaClient client;
  private int silent;

  /**
   * A line that is not connected.
   *
   * @param server with the path of the endpoint and, where needed, user and password
   * @param folder where this gateway's certificate and the servers' are kept
   */
  OpcUaLine(URI server, boolean secure, Path folder) {
    this.server = server;
    this.secure = secure;
    this.folder = folder;
  }

  List<DataValue> read(List<ReadValueId> nodes, Duration timeout) throws DriverException {
    OpcUaClient connected = connected();
    try {
      DataValue[] values =
          within(timeout, connected.readAsync(0.0, TimestampsToReturn.Neither, nodes)).getResults();
      silent = 0;
      if (values == null || values.length != nodes.size()) {
        throw new DriverException(
            Cause.INVALID_REPLY,
            "answer of " + (values == null ? 0 : values.length) + " values to " + nodes.size());
      }
      return List.of(values);
    } catch (TimeoutException e) {
      // Answers carry the number of their question, so a late one harms nobody. But a session that
      // stays silent is given up.
      if (++silent >= PATIENCE) {
        close();
      }
      throw new DriverException(Cause.TIMEOUT, "no answer in " + timeout, e);
    } catch (ExecutionException e) {
      close();
      throw new DriverException(Cause.NO_CONNECTION, reason(e), e);
    }
  }

  private OpcUaClient connected() throws DriverException {
    if (client != null) {
      return client;
    }
    try {
      List<EndpointDescription> offered =
          within(
              CONNECT,
              DiscoveryClient.getEndpoints(
                  url(), t -> t.setConnectTimeout(Unsigned.uint(CONNECT.toMillis()))));
      OpcUaClient made =
          OpcUaClient.create(
              config(choose(offered)).build(),
              t -> t.setConnectTimeout(Unsigned.uint(CONNECT.toMillis())));
      try {
        within(CONNECT, made.connectAsync());
      } catch (TimeoutException | ExecutionException e) {
        leave(made);
        throw e;
      }
      silent = 0;
      client = made;
      return made;
    } catch (TimeoutException e) {
      throw new DriverException(Cause.NO_CONNECTION, url() + " does not answer", e);
    } catch (ExecutionException e) {
      throw new DriverException(Cause.NO_CONNECTION, url() + ": " + reason(e), e);
    } catch (UaException e) {
      throw new DriverException(Cause.NO_CONNECTION, url() + ": " + e.getMessage(), e);
    }
  }

  private String url() {
    String path = server.getPath() == null ? "" : server.getPath();
    return "opc.tcp://" + server.getHost() + ":" + server.getPort() + path;
  }

  private EndpointDescription choose(List<EndpointDescription> offered) throws DriverException {
    SecurityPolicy policy = secure ? SecurityPolicy.Basic256Sha256 : SecurityPolicy.None;
    MessageSecurityMode mode =
        secure ? MessageSecurityMode.SignAndEncrypt : MessageSecurityMode.None;
    return offered.stream()
        .filter(e -> policy.getUri().equals(e.getSecurityPolicyUri()))
        .filter(e -> mode == e.getSecurityMode())
        .findFirst()
        // The server names itself as it is called at home; we reach it as the endpoint says.
        .map(e -> EndpointUtil.updateUrl(e, server.getHost(), server.getPort()))
        .orElseThrow(
            () ->
                new DriverException(
                    Cause.NO_CONNECTION, url() + " does not offer " + policy + " with " + mode));
  }

  private OpcUaClientConfigBuilder config(EndpointDescription endpoint) throws DriverException {
    OpcUaClientConfigBuilder config =
        new OpcUaClientConfigBuilder()
            .setEndpoint(endpoint)
            .setApplicationName(LocalizedText.english("Plantroom gateway"))
            .setRequestTimeout(Unsigned.uint(CONNECT.toMillis()));
    String user = server.getUserInfo();
    if (user != null && user.contains(":")) {
      int colon = user.indexOf(':');
      config.setIdentityProvider(
          new UsernameProvider(user.substring(0, colon), user.substring(colon + 1)));
    }
    if (!secure) {
      return config;
    }
    try {
      OpcUaIdentity own = OpcUaIdentity.loadOrMake(folder);
      config
          .setApplicationUri(own.applicationUri())
          .setKeyPair(own.keys())
          .setCertificate(own.certificate())
          .setCertificateChain(new X509Certificate[] {own.certificate()});
      if (!InetAddress.getByName(server.getHost()).isLoopbackAddress()) {
        config.setCertificateValidator(
            new FirstUseTrust(
                folder.resolve("server-" + server.getHost() + "-" + server.getPort() + ".der")));
      }
      return config;
    } catch (IOException | GeneralSecurityException e) {
      throw new DriverException(Cause.NO_CONNECTION, "own certificate: " + e.getMessage(), e);
    }
  }

  void close() {
    if (client != null) {
      leave(client);
      client = null;
    }
  }

  private static void leave(OpcUaClient client) {
    var unused = client.disconnectAsync();
  }

  private static <T> T within(Duration timeout, CompletableFuture<T> future)
      throws TimeoutException, ExecutionException, DriverException {
    try {
      return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DriverException(Cause.TIMEOUT, "interrupted", e);
    }
  }

  private static String reason(ExecutionException e) {
    Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
    return Objects.requireNonNullElse(cause.getMessage(), cause.toString());
  }
}
