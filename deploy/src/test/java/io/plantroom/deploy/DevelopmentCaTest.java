package io.plantroom.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevelopmentCaTest {

  @Test
  void aGatewaysCertificateCarriesItsNameAndIsSignedByTheAuthority(@TempDir Path folder)
      throws Exception {
    DevelopmentCa.ensure(folder, "gw-1", "gw-2");
    X509Certificate authority = certificate(folder.resolve("ca.pem"));
    for (String name : new String[] {"gw-1", "gw-2", "hub-1", "broker"}) {
      X509Certificate issued = certificate(folder.resolve(name + ".pem"));
      issued.verify(authority.getPublicKey());
      issued.checkValidity();
      assertThat(issued.getSubjectX500Principal().getName()).contains("CN=" + name);
      assertThat(issued.getBasicConstraints()).as("must not sign others").isEqualTo(-1);
    }
  }

  @Test
  void nobodyElseOnTheMachineReadsTheKeys(@TempDir Path folder) throws Exception {
    DevelopmentCa.ensure(folder, "gw-1");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.filter(f -> f.toString().matches(".*\\.(key|p12)|.*password")))
          .isNotEmpty()
          .allSatisfy(
              f ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(f)))
                      .isEqualTo("rw-------"));
    }
  }

  @Test
  void aSecondStartKeepsTheCertificatesOfTheFirst(@TempDir Path folder) throws Exception {
    DevelopmentCa.ensure(folder, "gw-1");
    byte[] first = Files.readAllBytes(folder.resolve("gw-1.pem"));
    DevelopmentCa.ensure(folder, "gw-1");
    assertThat(Files.readAllBytes(folder.resolve("gw-1.pem"))).isEqualTo(first);
  }

  private static X509Certificate certificate(Path pem) throws Exception {
    try (InputStream in = Files.newInputStream(pem)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }
}
