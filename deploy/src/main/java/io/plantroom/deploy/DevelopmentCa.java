package io.plantroom.deploy;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A certificate authority for one machine: broker, hub and gateways of the demo get certificates
 * that are worth nothing anywhere else. Files are readable by their owner only. Made once per
 * folder.
 */
final class DevelopmentCa {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path folder;
  private final KeyPair keys;
  private final X509Certificate certificate;

  private DevelopmentCa(Path folder, KeyPair keys, X509Certificate certificate) {
    this.folder = folder;
    this.keys = keys;
    this.certificate = certificate;
  }

  /** All certificates of the demo below {@code folder}, unless a run before has made them. */
  static void ensure(Path folder, String... gateways)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    if (Files.exists(folder.resolve("complete"))) {
      return;
    }
    Files.createDirectories(folder);
    KeyPair keys = newKeys();
    X500Name name = new X500Name("CN=Plantroom development CA");
    X509Certificate root = sign(name, keys, name, keys, null, true);
    DevelopmentCa ca = new DevelopmentCa(folder, keys, root);
    ca.pem("ca.pem", "CERTIFICATE", root.getEncoded());
    byte[] secret = new byte[18];
    RANDOM.nextBytes(secret);
    String password = Base64.getUrlEncoder().encodeToString(secret);
    ca.secret("store-password", password);
    ca.issue("broker", "broker", password);
    ca.issue("hub-1", "hub", null);
    ca.issue("hub-2", "hub", null);
    for (String gateway : gateways) {
      ca.issue(gateway, "gateway", null);
    }
    KeyStore trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry("ca", root);
    ca.store("trust.p12", trust, password);
    Files.writeString(folder.resolve("complete"), Instant.now() + "\n");
  }

  private void issue(String name, String unit, @Nullable String storePassword)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    KeyPair own = newKeys();
    X500Name subject = new X500Name("OU=" + unit + ",CN=" + name);
    GeneralNames hosts =
        new GeneralNames(
            new GeneralName[] {
              new GeneralName(GeneralName.dNSName, "localhost"),
              new GeneralName(GeneralName.iPAddress, "127.0.0.1")
            });
    X509Certificate issued =
        sign(
            subject,
            own,
            new X500Name(certificate.getSubjectX500Principal().getName()),
            keys,
            hosts,
            false);
    pem(name + ".pem", "CERTIFICATE", issued.getEncoded());
    pem(name + ".key", "PRIVATE KEY", own.getPrivate().getEncoded());
    if (storePassword != null) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      PrivateKey key = own.getPrivate();
      store.setKeyEntry(
          "key", key, storePassword.toCharArray(), new Certificate[] {issued, certificate});
      store(name + ".p12", store, storePassword);
    }
  }

  private static X509Certificate sign(
      X500Name subject,
      KeyPair own,
      X500Name issuer,
      KeyPair signing,
      @Nullable GeneralNames hosts,
      boolean ca)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    Instant now = Instant.now();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            issuer,
            new BigInteger(120, RANDOM),
            // A gateway's clock may be behind; a day of grace harms nobody on a development
            // machine.
            Date.from(now.minus(1, ChronoUnit.DAYS)),
            Date.from(now.plus(825, ChronoUnit.DAYS)),
            subject,
            own.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
    if (hosts != null) {
      builder.addExtension(Extension.subjectAlternativeName, false, hosts);
    }
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(
                new JcaContentSignerBuilder("SHA256withECDSA").build(signing.getPrivate())));
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private void pem(String file, String kind, byte[] der) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    secret(file, "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
  }

  private void secret(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    ownerOnly(path);
    Files.writeString(path, text);
  }

  private void store(String file, KeyStore store, String password)
      throws IOException, GeneralSecurityException {
    Path path = folder.resolve(file);
    ownerOnly(path);
    try (OutputStream out = Files.newOutputStream(path)) {
      store.store(out, password.toCharArray());
    }
  }

  private static void ownerOnly(Path path) throws IOException {
    Files.deleteIfExists(path);
    Files.createFile(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }
}
