package io.plantroom.hub.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plantroom.hub.TestCertificates;
import io.plantroom.hub.TestCertificates.Identity;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files by which hub and broker know each other. */
class PemTest {
  @TempDir Path folder = Path.of(".");

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA", "Ed25519"})
  void bothSidesKnowEachOtherByTheirFiles(String algorithm) throws Exception {
    Identity broker = TestCertificates.make(folder, "broker", "EC");
    Identity hub = TestCertificates.make(folder, "hub", algorithm);

    assertThat(handshake(broker, hub, hub)).isEqualTo("CN=hub");
  }

  @Test
  void aStrangerIsRefused() throws Exception {
    Identity broker = TestCertificates.make(folder, "broker", "EC");
    Identity hub = TestCertificates.make(folder, "hub", "EC");
    Identity stranger = TestCertificates.make(folder, "stranger", "EC");

    assertThatThrownBy(() -> handshake(broker, stranger, hub)).isInstanceOf(IOException.class);
  }

  @Test
  void aKeyOfAnotherFormatIsRefusedByTheNameOfItsFile() throws Exception {
    Identity hub = TestCertificates.make(folder, "hub", "EC");
    Path wrong =
        Files.writeString(folder.resolve("old.key"), "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n");

    assertThatThrownBy(() -> Pem.identity(hub.certificate(), wrong))
        .hasMessageContaining("old.key")
        .hasMessageContaining("PKCS#8");
  }

  /** The name of the client as the broker sees it. */
  private static String handshake(Identity broker, Identity client, Identity trusted)
      throws Exception {
    SSLContext server = context(broker, trusted.certificate());
    InetAddress here = InetAddress.getLoopbackAddress();
    try (SSLServerSocket listening =
        (SSLServerSocket) server.getServerSocketFactory().createServerSocket(0, 1, here)) {
      listening.setNeedClientAuth(true);
      CompletableFuture<String> seen =
          CompletableFuture.supplyAsync(
              () -> {
                try (SSLSocket socket = (SSLSocket) listening.accept()) {
                  socket.startHandshake();
                  socket.getOutputStream().write(1);
                  return socket.getSession().getPeerPrincipal().getName();
                } catch (IOException e) {
                  return "refused";
                }
              });
      SSLContext mine = context(client, broker.certificate());
      try (SSLSocket socket =
          (SSLSocket) mine.getSocketFactory().createSocket(here, listening.getLocalPort())) {
        socket.setSoTimeout(10_000);
        if (socket.getInputStream().read() != 1) {
          throw new SSLException("closed");
        }
      }
      return seen.get(10, TimeUnit.SECONDS);
    }
  }

  private static SSLContext context(Identity identity, Path trusted) throws Exception {
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(
        Pem.identity(identity.certificate(), identity.key()).getKeyManagers(),
        Pem.trust(trusted).getTrustManagers(),
        null);
    return context;
  }
}
