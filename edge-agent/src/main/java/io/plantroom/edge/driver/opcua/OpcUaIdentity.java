package io.plantroom.edge.driver.opcua;

import io.plantroom.edge.poll.ClockTrust;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.UUID;
import org.eclipse.milo.opcua.stack.core.util.SelfSignedCertificateBuilder;
import org.eclipse.milo.opcua.stack.core.util.SelfSignedCertificateGenerator;

/** The certificate by which servers know this gateway; made once and kept in its data folder. */
record OpcUaIdentity(KeyPair keys, X509Certificate certificate, String applicationUri) {
  /** Holds key and certificate, within the folder. */
  static final String FILE = "client.p12";

  private static final String ALIAS = "client";
  private static final char[] NO_PASSWORD = {};

  static OpcUaIdentity loadOrMake(Path folder) throws IOException, GeneralSecurityException {
    Path file = folder.resolve(FILE);
    KeyStore store = KeyStore.getInstance("PKCS12");
    if (WholeFile.exists(file)) {
      try (InputStream in = Files.newInputStream(file)) {
        store.load(in, NO_PASSWORD);
      }
    } else {
      return renew(folder);
    }
    return of(store, file);
  }

  /** A new key and certificate in place of those that may be there. */
  static OpcUaIdentity renew(Path folder) throws IOException, GeneralSecurityException {
    Path file = folder.resolve(FILE);
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    make(store);
    Files.createDirectories(folder);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    store.store(out, NO_PASSWORD);
    WholeFile.write(file, out.toByteArray());
    return of(store, file);
  }

  private static OpcUaIdentity of(KeyStore store, Path file) throws GeneralSecurityException {
    X509Certificate certificate =
        (X509Certificate) Objects.requireNonNull(store.getCertificate(ALIAS), file.toString());
    PrivateKey key = (PrivateKey) store.getKey(ALIAS, NO_PASSWORD);
    return new OpcUaIdentity(
        new KeyPair(certificate.getPublicKey(), key), certificate, uri(certificate));
  }

  private static void make(KeyStore store) throws GeneralSecurityException {
    KeyPair keys = SelfSignedCertificateGenerator.generateRsaKeyPair(2048);
    try {
      X509Certificate certificate =
          new SelfSignedCertificateBuilder(keys)
              .setCommonName("Plantroom gateway")
              .setValidityPeriod(validity(LocalDate.now(ZoneId.systemDefault())))
              .setApplicationUri("urn:plantroom:gateway:" + UUID.randomUUID())
              .build();
      store.setKeyEntry(ALIAS, keys.getPrivate(), NO_PASSWORD, new Certificate[] {certificate});
    } catch (GeneralSecurityException e) {
      throw e;
    } catch (Exception e) { // declared as such by the library
      throw new GeneralSecurityException("a certificate cannot be made", e);
    }
  }

  /** A gateway that first starts in 1970 must not have a certificate that ended in 1990. */
  static Period validity(LocalDate today) {
    LocalDate floor = LocalDate.ofInstant(ClockTrust.FLOOR, ZoneOffset.UTC);
    return Period.between(today, today.isBefore(floor) ? floor : today).plusYears(20);
  }

  /** The application URI must be the one that stands in the certificate, kind 6 of its names. */
  private static String uri(X509Certificate certificate) throws GeneralSecurityException {
    return Objects.requireNonNull(certificate.getSubjectAlternativeNames()).stream()
        .filter(n -> Integer.valueOf(6).equals(n.get(0)))
        .map(n -> String.valueOf(n.get(1)))
        .findFirst()
        .orElseThrow(() -> new GeneralSecurityException("certificate without application URI"));
  }
}
