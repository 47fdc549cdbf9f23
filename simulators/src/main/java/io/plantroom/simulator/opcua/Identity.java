package io.plantroom.simulator.opcua;

import java.security.KeyPair;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import org.eclipse.milo.opcua.stack.core.util.SelfSignedCertificateBuilder;
import org.eclipse.milo.opcua.stack.core.util.SelfSignedCertificateGenerator;

/** Key and certificate of the simulated servers. Made once in a process, for it takes seconds. */
final class Identity {
  static final String APPLICATION_URI = "urn:plantroom:simulator";
  private static final int KEY_BITS = 2048;

  private Identity() {}

  static KeyPair keys() {
    return Made.KEYS;
  }

  static X509Certificate[] chain(KeyPair keys) throws Exception {
    return new X509Certificate[] {
      new SelfSignedCertificateBuilder(keys)
          .setCommonName("Plantroom simulator")
          .setOrganization("Plantroom")
          .setApplicationUri(APPLICATION_URI)
          .addDnsName("localhost")
          .addIpAddress("127.0.0.1")
          .build()
    };
  }

  private static final class Made {
    static final KeyPair KEYS = make();

    private static KeyPair make() {
      try {
        return SelfSignedCertificateGenerator.generateRsaKeyPair(KEY_BITS);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("this Java knows no RSA", e);
      }
    }
  }
}
