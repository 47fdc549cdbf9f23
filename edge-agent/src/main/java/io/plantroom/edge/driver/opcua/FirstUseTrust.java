package io.plantroom.edge.driver.opcua;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.security.CertificateValidator;
import org.jspecify.annotations.Nullable;

/**
 * Trusts the certificate a server showed first, and no other, as SSH does: servers in plant rooms
 * sign their own. To accept a new one a person deletes the file the error names.
 */
final class FirstUseTrust implements CertificateValidator {
  private final Path file;

  FirstUseTrust(Path file) {
    this.file = file;
  }

  @Override
  public void validateCertificateChain(
      List<X509Certificate> chain,
      @Nullable String applicationUri,
      String @Nullable [] validHostNames)
      throws UaException {
    try {
      byte[] shown = chain.get(0).getEncoded();
      if (!WholeFile.exists(file)) {
        Files.createDirectories(file.toAbsolutePath().getParent());
        WholeFile.write(file, shown);
      } else if (!Arrays.equals(Files.readAllBytes(file), shown)) {
        throw new Untrusted(
            "服务器的证书与首次不同；如确认无误，请删除 " + file,
            "the server shows another certificate than at first; if that is right, delete " + file);
      }
    } catch (IOException | CertificateEncodingException e) {
      throw new UaException(StatusCodes.Bad_CertificateInvalid, e);
    }
  }
}
