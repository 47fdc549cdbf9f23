package io.plantroom.edge.driver.opcua;

import io.plantroom.edge.driver.DriverException;
import io.plantroom.telemetry.Cause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.milo.opcua.sdk.client.DiscoveryClient;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.sdk.client.OpcUaClientConfigBuilder;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.UaServiceFaultException;
import org.eclipse.milo.opcua.stack.core.security.CertificateValidator;
import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned;
import org.eclipse.milo.opcua.stack.core.types.enumerated.TimestampsToReturn;
import org.eclipse.milo.opcua.stack.core.types.structured.EndpointDescription;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadValueId;
import org.eclipse.milo.opcua.stack.core.types.structured.WriteValue;
import org.eclipse.milo.opcua.stack.core.util.CertificateUtil;
import org.jspecify.annotations.Nullable;

/**
 * One session with a server, shared by its devices. Used by one thread at a time. What goes wrong
 * for good ends the session; the next caller begins a new one, with new subscriptions. A server
 * that could not be reached is left alone for a growing pause, in which all callers fail at once.
 */
final class OpcUaLine {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration LIBRARY_LATER = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
  private static final long LOOK_AT_FILES_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final int PATIENCE = 3;
  private static final int MOST_NODES = 500;

  private final ServerAt server;
  private final Path folder;
  private final InstantSource clock;
  private final Map<Long, Watch> watches = new HashMap<>();
  private volatile Duration patience = CONNECT;
  private Duration granted = CONNECT;
  private @Nullable OpcUaClient client;
  private int failures;
  private int refusals;
  private long nextTry = System.nanoTime();
  private long filesSeen = System.nanoTime();
  private List<FileTime> files = List.of();
  private DriverException lastRefusal =
      new DriverException(Cause.NO_CONNECTION, "尚未尝试", "not tried yet");

  /**
   * A line that is not connected.
   *
   * @param folder where this gateway's certificate and the trusted ones are kept
   */
  OpcUaLine(ServerAt server, Path folder, InstantSource clock) {
    this.server = server;
    this.folder = folder;
    this.clock = clock;
  }

  /**
   * Lets the server take so long for an answer, because one of its devices may. May be called by
   * any thread; a session that was begun with less begins anew.
   */
  void allow(Duration timeout) {
    patience = timeout.compareTo(patience) > 0 ? timeout : patience;
  }

  ServerAt server() {
    return server;
  }

  /** One value for each node, however many, in several questions if the server wants it so. */
  List<DataValue> read(List<ReadValueId> nodes, Duration timeout) throws DriverException {
    List<DataValue> all = new ArrayList<>(nodes.size());
    for (int i = 0; i < nodes.size(); i += MOST_NODES) {
      all.addAll(some(nodes.subList(i, Math.min(nodes.size(), i + MOST_NODES)), timeout));
    }
    return all;
  }

  private List<DataValue> some(List<ReadValueId> nodes, Duration timeout) throws DriverException {
    OpcUaClient connected = connected();
    try {
      DataValue[] values =
          within(timeout, connected.readAsync(0.0, TimestampsToReturn.Neither, nodes)).getResults();
      failures = 0;
      if (values == null || values.length != nodes.size()) {
        throw new DriverException(
            Cause.INVALID_REPLY,
            "answer of " + (values == null ? 0 : values.length) + " values to " + nodes.size());
      }
      return List.of(values);
    } catch (TimeoutException e) {
      // Answers carry the number of their question, so a late one harms nobody. But a session that
      // stays silent is given up.
      failed();
      throw new DriverException(
          Cause.TIMEOUT, timeout.toMillis() + " ms 内无应答", "no answer in " + timeout, e);
    } catch (ExecutionException e) {
      // With subscriptions the library gets some time to take the session up again: the server
      // still has what changed meanwhile.
      if (watches.isEmpty()) {
        close();
      } else {
        failed();
      }
      throw new DriverException(Cause.NO_CONNECTION, reason(e), e);
    }
  }

  /** Sets one value, once, and gives the server's word on it. */
  StatusCode write(WriteValue value, Duration timeout) throws DriverException {
    OpcUaClient connected = connected();
    try {
      StatusCode[] results = within(timeout, connected.writeAsync(List.of(value))).getResults();
      failures = 0;
      if (results == null || results.length != 1) {
        throw new DriverException(Cause.INVALID_REPLY, "no word on what was written");
      }
      return results[0];
    } catch (TimeoutException e) {
      failed();
      throw new DriverException(
          Cause.TIMEOUT, timeout.toMillis() + " ms 内无应答", "no answer in " + timeout, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UaServiceFaultException refused) {
        return refused.getStatusCode();
      }
      failed();
      throw new DriverException(Cause.NO_CONNECTION, reason(e), e);
    }
  }

  private void failed() {
    if (++failures >= PATIENCE) {
      close();
    }
  }

  /**
   * The session, begun anew if there is none.
   *
   * @throws DriverException also at once, when it failed a moment ago
   */
  OpcUaClient connected() throws DriverException {
    if (client != null) {
      lookAtFiles();
    }
    if (granted.compareTo(patience) < 0) {
      close();
    }
    if (client != null) {
      return client;
    }
    if (System.nanoTime() - nextTry < 0) {
      throw lastRefusal;
    }
    try {
      OpcUaClient made = connect();
      refusals = 0;
      failures = 0;
      client = made;
      return made;
    } catch (DriverException e) {
      Duration pause = Duration.ofSeconds(1L << Math.min(refusals++, 4));
      pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
      nextTry = System.nanoTime() + pause.toNanos();
      lastRefusal = e;
      throw e;
    }
  }

  private OpcUaClient connect() throws DriverException {
    granted = patience;
    try {
      List<EndpointDescription> offered =
          within(
              granted,
              DiscoveryClient.getEndpoints(
                  server.url(), t -> t.setConnectTimeout(Unsigned.uint(CONNECT.toMillis()))));
      OpcUaClient made =
          OpcUaClient.create(
              config(SecurityChoice.choose(server, offered)).build(),
              t -> t.setConnectTimeout(Unsigned.uint(CONNECT.toMillis())));
      try {
        within(granted, made.connectAsync());
      } catch (TimeoutException | ExecutionException e) {
        leave(made);
        throw e;
      }
      return made;
    } catch (TimeoutException e) {
      throw new DriverException(
          Cause.NO_CONNECTION, server.url() + " 无应答", server.url() + " does not answer", e);
    } catch (ExecutionException e) {
      throw new DriverException(Cause.NO_CONNECTION, server.url() + ": " + reason(e), e);
    } catch (Untrusted e) {
      throw new DriverException(Cause.NO_CONNECTION, words(e.zh()), words(e.getMessage()), e);
    } catch (UaException e) {
      throw new DriverException(Cause.NO_CONNECTION, words(e.getMessage()), e);
    } catch (IOException | GeneralSecurityException e) {
      throw new DriverException(Cause.NO_CONNECTION, words(e.getMessage()), e);
    }
  }

  private String words(@Nullable String message) {
    String text = String.valueOf(message);
    return text.startsWith(server.url()) ? text : server.url() + ": " + text;
  }

  private OpcUaClientConfigBuilder config(EndpointDescription endpoint)
      throws UaException, IOException, GeneralSecurityException {
    CertificateValidator validator = server.validator(folder);
    OpcUaClientConfigBuilder config =
        new OpcUaClientConfigBuilder()
            .setEndpoint(endpoint)
            .setApplicationName(LocalizedText.english("Plantroom gateway"))
            // Later than ours, so that silence is told by the device's own timeout.
            .setRequestTimeout(Unsigned.uint(granted.plus(LIBRARY_LATER).toMillis()))
            .setIdentityProvider(Login.of(server.access(), validator));
    if (!server.secure()) {
      return config;
    }
    // Looked at here as well, because on its way through the library the reason gets lost.
    validator.validateCertificateChain(shown(endpoint), null, null);
    OpcUaIdentity own = OpcUaIdentity.loadOrMake(folder);
    files = stamps();
    return config
        .setApplicationUri(own.applicationUri())
        .setKeyPair(own.keys())
        .setCertificate(own.certificate())
        .setCertificateChain(new X509Certificate[] {own.certificate()})
        .setCertificateValidator(validator);
  }

  private static List<X509Certificate> shown(EndpointDescription endpoint) throws UaException {
    ByteString certificate = endpoint.getServerCertificate();
    return List.copyOf(CertificateUtil.decodeCertificates(certificate.bytesOrEmpty()));
  }

  /** A new certificate of our own, or a change of the trusted ones, begins a new session. */
  private void lookAtFiles() {
    if (!server.secure() || System.nanoTime() - filesSeen < LOOK_AT_FILES_NANOS) {
      return;
    }
    filesSeen = System.nanoTime();
    try {
      if (!files.equals(stamps())) {
        close();
      }
    } catch (IOException e) {
      // Being replaced at this moment: the next look sees what it has become.
    }
  }

  private List<FileTime> stamps() throws IOException {
    Path own = folder.resolve(OpcUaIdentity.FILE);
    return List.of(
        Files.exists(own) ? Files.getLastModifiedTime(own) : FileTime.fromMillis(0),
        new TrustList(folder).stamp());
  }

  /**
   * The subscription of this publishing interval, made if there is none in this session.
   *
   * @throws UaException when the server refuses
   */
  Watch watch(Duration every) throws DriverException, UaException {
    OpcUaClient connected = connected();
    Watch known = watches.get(every.toMillis());
    if (known == null) {
      known = Watch.begin(connected, every, clock);
      watches.put(every.toMillis(), known);
    }
    return known;
  }

  /** Ends the session and all that hangs on it. */
  void close() {
    watches.clear();
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
