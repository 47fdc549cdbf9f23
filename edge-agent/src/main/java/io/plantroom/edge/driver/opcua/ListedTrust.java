package io.plantroom.edge.driver.opcua;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.security.CertificateValidator;
import org.eclipse.milo.opcua.stack.core.util.validation.CertificateValidationUtil;
import org.jspecify.annotations.Nullable;

/**
 * Trusts what a person has put on the list, and what an authority on it signed. A server that an
 * earlier version met and pinned stays trusted. Anything else is noted and refused.
 */
final class ListedTrust implements CertificateValidator {
  private final TrustList list;
  private final Path pinned;
  private final String server;

  ListedTrust(TrustList list, Path pinned, String server) {
    this.list = list;
    this.pinned = pinned;
    this.server = server;
  }

  @Override
  public void validateCertificateChain(
      List<X509Certificate> chain,
      @Nullable String applicationUri,
      String @Nullable [] validHostNames)
      throws UaException {
    X509Certificate shown = chain.get(0);
    try {
      Set<X509Certificate> trusted = new HashSet<>(list.trusted());
      if (trusted.contains(shown)
          || (WholeFile.exists(pinned)
              && Arrays.equals(Files.readAllBytes(pinned), shown.getEncoded()))
          || isSigned(chain, trusted)) {
        return;
      }
      list.refused(shown);
    } catch (IOException | CertificateEncodingException e) {
      throw new UaException(StatusCodes.Bad_CertificateInvalid, e);
    }
    String fingerprint = TrustList.fingerprint(shown);
    String who = shown.getSubjectX500Principal().getName() + ", SHA-256 " + fingerprint;
    String command = "plantroom-edge opcua certificates trust " + fingerprint.substring(0, 16);
    throw new Untrusted(
        server + " 的证书尚未被信任（" + who + "）；与服务器核对后执行：" + command,
        server
            + " shows a certificate that nobody has trusted ("
            + who
            + "); compare it with the server's, then: "
            + command);
  }

  private static boolean isSigned(List<X509Certificate> chain, Set<X509Certificate> trusted) {
    if (trusted.stream().noneMatch(c -> c.getBasicConstraints() >= 0)) {
      return false;
    }
    try {
      var unused = CertificateValidationUtil.buildTrustedCertPath(chain, trusted, Set.of());
      chain.get(0).checkValidity();
      return true;
    } catch (Exception e) { // whatever is wrong with the path: it is no reason to trust
      return false;
    }
  }
}
