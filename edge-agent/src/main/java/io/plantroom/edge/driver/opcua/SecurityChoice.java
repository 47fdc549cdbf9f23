package io.plantroom.edge.driver.opcua;

import io.plantroom.edge.driver.DriverException;
import io.plantroom.telemetry.Cause;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MessageSecurityMode;
import org.eclipse.milo.opcua.stack.core.types.structured.EndpointDescription;
import org.eclipse.milo.opcua.stack.core.util.EndpointUtil;

/** Which of a server's endpoints is taken: never one below Basic256Sha256 unless it is named. */
final class SecurityChoice {
  private static final List<SecurityPolicy> SAFE =
      List.of(
          SecurityPolicy.Aes256_Sha256_RsaPss,
          SecurityPolicy.Basic256Sha256,
          SecurityPolicy.Aes128_Sha256_RsaOaep);

  private SecurityChoice() {}

  static EndpointDescription choose(ServerAt server, List<EndpointDescription> offered)
      throws DriverException {
    MessageSecurityMode mode =
        server.secure() ? MessageSecurityMode.SignAndEncrypt : MessageSecurityMode.None;
    for (SecurityPolicy policy : wanted(server)) {
      Optional<EndpointDescription> found =
          offered.stream()
              .filter(e -> policy.getUri().equals(e.getSecurityPolicyUri()))
              .filter(e -> mode == e.getSecurityMode())
              .findFirst();
      if (found.isPresent()) {
        // The server names itself as it is called at home; we reach it as the endpoint says.
        return EndpointUtil.updateUrl(found.get(), server.host(), server.port());
      }
    }
    String offers =
        offered.stream().map(SecurityChoice::words).distinct().collect(Collectors.joining(", "));
    throw new DriverException(
        Cause.NO_CONNECTION,
        server.url()
            + " 提供 "
            + (offers.isEmpty() ? "零个端点" : offers)
            + (server.security().isEmpty()
                ? "；需要 Basic256Sha256 或更高并签名加密。若服务器做不到，请在地址中写明 security=none（或策略名）"
                : "；需要 " + wanted(server).get(0) + "，" + mode),
        server.url()
            + " offers "
            + (offers.isEmpty() ? "no endpoint" : offers)
            + (server.security().isEmpty()
                ? "; wanted is Basic256Sha256 or better with SignAndEncrypt. If the server can do no"
                    + " better, say so in the endpoint: security=none (or the policy)"
                : "; wanted is " + wanted(server).get(0) + " with " + mode));
  }

  private static List<SecurityPolicy> wanted(ServerAt server) {
    if (server.security().isEmpty()) {
      return SAFE;
    }
    return List.of(
        server.secure() ? SecurityPolicy.valueOf(server.security()) : SecurityPolicy.None);
  }

  private static String words(EndpointDescription e) {
    String uri = String.valueOf(e.getSecurityPolicyUri());
    return uri.substring(uri.indexOf('#') + 1) + " with " + e.getSecurityMode();
  }
}
