package io.plantroom.edge.driver.opcua;

import io.plantroom.device.Access;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.milo.opcua.sdk.client.identity.AnonymousProvider;
import org.eclipse.milo.opcua.sdk.client.identity.IdentityProvider;
import org.eclipse.milo.opcua.sdk.client.identity.UsernameProvider;
import org.eclipse.milo.opcua.sdk.client.identity.X509IdentityProvider;
import org.eclipse.milo.opcua.stack.core.security.CertificateValidator;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.types.structured.UserTokenPolicy;

/**
 * As whom a session begins. Files are read at each connect, so that a new password needs no
 * restart.
 */
final class Login {
  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

  private Login() {}

  static IdentityProvider of(Access access, CertificateValidator servers)
      throws IOException, GeneralSecurityException {
    if (access.user() != null) {
      String password =
          text(Objects.requireNonNull(access.passwordFile(), "checked with the configuration"));
      return new UsernameProvider(access.user(), password, servers, Login::encrypted);
    }
    if (access.certificate() != null) {
      return new X509IdentityProvider(
          certificate(access.certificate()),
          key(Objects.requireNonNull(access.key(), "checked with the configuration")));
    }
    return AnonymousProvider.INSTANCE;
  }

  /** Of several ways to send a password, one that encrypts it by itself. */
  private static UserTokenPolicy encrypted(List<UserTokenPolicy> offered) {
    return offered.stream()
        .filter(p -> !SecurityPolicy.None.getUri().equals(p.getSecurityPolicyUri()))
        .findFirst()
        .orElse(offered.get(0));
  }

  private static String text(Path file) throws IOException {
    try {
      return Files.readString(file, StandardCharsets.UTF_8).strip();
    } catch (NoSuchFileException e) {
      throw new IOException("password file " + file + " does not exist", e);
    }
  }

  private static X509Certificate certificate(Path file)
      throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    } catch (NoSuchFileException e) {
      throw new IOException("certificate file " + file + " does not exist", e);
    }
  }

  private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
    try {
      Matcher m = PKCS8.matcher(Files.readString(file, StandardCharsets.US_ASCII));
      if (!m.find()) {
        throw new GeneralSecurityException(
            file + ": expected an unencrypted PKCS#8 key (BEGIN PRIVATE KEY)");
      }
      return KeyFactory.getInstance("RSA")
          .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(m.group(1))));
    } catch (NoSuchFileException e) {
      throw new IOException("key file " + file + " does not exist", e);
    }
  }
}
