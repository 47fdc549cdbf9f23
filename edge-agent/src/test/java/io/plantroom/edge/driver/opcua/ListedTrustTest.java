package io.plantroom.edge.driver.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.util.SelfSignedCertificateGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An authority on the list vouches for what it signed. */
class ListedTrustTest {
  @SuppressWarnings("NullAway.Init") // filled in by JUnit
  @TempDir
  Path folder;

  @SuppressWarnings("NullAway.Init") // made before each test
  private KeyPair keys;

  @SuppressWarnings("NullAway.Init") // made before each test
  private X509Certificate authority;

  @BeforeEach
  void anAuthority() throws Exception {
    keys = SelfSignedCertificateGenerator.generateRsaKeyPair(2048);
    authority = signed("Works CA", "Works CA", keys, keys, true, in(9));
  }

  private static Instant in(int days) {
    return Instant.now().plus(Duration.ofDays(days));
  }

  private static X509Certificate signed(
      String subject, String issuer, KeyPair own, KeyPair by, boolean authority, Instant until)
      throws Exception {
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            new X500Name("CN=" + issuer),
            BigInteger.valueOf(System.nanoTime()),
            Date.from(Instant.now().minus(Duration.ofDays(20))),
            Date.from(until),
            new X500Name("CN=" + subject),
            own.getPublic());
    var unused =
        builder
            .addExtension(Extension.basicConstraints, true, new BasicConstraints(authority))
            .addExtension(
                Extension.keyUsage,
                true,
                new KeyUsage(
                    authority
                        ? KeyUsage.keyCertSign | KeyUsage.cRLSign
                        : KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(by.getPrivate())));
  }

  private static X509Certificate server(KeyPair by, Instant until) throws Exception {
    KeyPair own = SelfSignedCertificateGenerator.generateRsaKeyPair(2048);
    return signed("Server", "Works CA", own, by, false, until);
  }

  private void trust(X509Certificate certificate) throws Exception {
    Path file = Files.write(folder.resolve("shown.der"), certificate.getEncoded());
    var unused = new TrustList(folder).trust(file.toString());
  }

  private boolean isTrusted(X509Certificate... shown) {
    ListedTrust trust =
        new ListedTrust(new TrustList(folder), folder.resolve("pinned.der"), "opc.tcp://plc");
    return catchThrowableOfType(
            UaException.class, () -> trust.validateCertificateChain(List.of(shown), null, null))
        == null;
  }

  @Test
  void whatTheAuthoritySignedIsTrustedOnceTheAuthorityIs() throws Exception {
    X509Certificate server = server(keys, in(9));
    assertThat(isTrusted(server, authority)).isFalse();
    trust(authority);
    assertThat(isTrusted(server, authority)).isTrue();
    assertThat(isTrusted(server)).isTrue();
  }

  @Test
  void whatAnotherSignedInItsNameIsNot() throws Exception {
    trust(authority);
    KeyPair forger = SelfSignedCertificateGenerator.generateRsaKeyPair(2048);
    X509Certificate forged = server(forger, in(9));
    assertThat(isTrusted(forged, authority)).isFalse();
    assertThat(isTrusted(forged)).isFalse();
  }

  @Test
  void whatTheAuthoritySignedIsNotTrustedWhenItHasRunOut() throws Exception {
    trust(authority);
    assertThat(isTrusted(server(keys, in(-1)), authority)).isFalse();
  }

  @Test
  void aServersOwnCertificateOnTheListVouchesForNoOther() throws Exception {
    X509Certificate server = server(keys, in(9));
    trust(server);
    assertThat(isTrusted(server)).isTrue();
    assertThat(isTrusted(server(keys, in(9)))).isFalse();
  }

  @Test
  void anAuthorityIsNoServerThatMaySignForItself() throws Exception {
    // A server that calls itself an authority: only it is trusted, and what it really signed.
    KeyPair others = SelfSignedCertificateGenerator.generateRsaKeyPair(2048);
    X509Certificate other = signed("Other CA", "Other CA", others, others, true, in(9));
    trust(other);
    assertThat(isTrusted(server(keys, in(9)), authority)).isFalse();
  }
}
