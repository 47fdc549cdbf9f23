package io.plantroom.edge.driver.opcua;

import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;

/** A server showed a certificate that is not to be trusted; says what a person can do. */
final class Untrusted extends UaException {
  private static final long serialVersionUID = 1L;

  private final String zh;

  Untrusted(String zh, String en) {
    super(StatusCodes.Bad_CertificateUntrusted, en);
    this.zh = zh;
  }

  String zh() {
    return zh;
  }
}
