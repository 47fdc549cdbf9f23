package io.plantroom.edge.driver.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.LocalDate;
import java.util.List;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpcUaFilesTest {
  @SuppressWarnings("NullAway.Init") // filled in by JUnit
  @TempDir
  Path folder;

  private X509Certificate certificate(String name) throws Exception {
    return OpcUaIdentity.loadOrMake(folder.resolve(name)).certificate();
  }

  @Test
  void theGatewayKeepsItsCertificateAndNobodyElseCanReadItsKey() throws Exception {
    X509Certificate first = certificate("own");
    assertThat(certificate("own")).isEqualTo(first);
    assertThat(Files.getPosixFilePermissions(folder.resolve("own/client.p12")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void aCertificateThatAPowerCutEmptiedIsMadeAnew() throws Exception {
    Files.createDirectories(folder.resolve("own"));
    Files.createFile(folder.resolve("own/client.p12"));
    assertThat(certificate("own")).isNotNull();
  }

  @Test
  void theServersFirstCertificateIsTrustedAndNoOtherUntilAPersonDeletesIt() throws Exception {
    Path file = Files.createFile(folder.resolve("server.der"));
    FirstUseTrust trust = new FirstUseTrust(file);
    X509Certificate first = certificate("a");
    trust.validateCertificateChain(List.of(first), null, null);
    trust.validateCertificateChain(List.of(first), null, null);
    List<X509Certificate> other = List.of(certificate("b"));
    assertThatThrownBy(() -> trust.validateCertificateChain(other, null, null))
        .isInstanceOf(UaException.class)
        .hasMessageContaining("delete " + file);
    Files.delete(file);
    trust.validateCertificateChain(other, null, null);
  }

  @Test
  void aCertificateThatIsMadeIn1970IsStillValidWhenTheTimeIsKnown() {
    LocalDate today = LocalDate.of(1970, 1, 2);
    assertThat(today.plus(OpcUaIdentity.validity(today))).isAfter(LocalDate.of(2045, 12, 1));
    LocalDate now = LocalDate.of(2027, 5, 1);
    assertThat(now.plus(OpcUaIdentity.validity(now))).isEqualTo(LocalDate.of(2047, 5, 1));
  }
}
