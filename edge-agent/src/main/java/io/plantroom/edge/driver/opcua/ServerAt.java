package io.plantroom.edge.driver.opcua;

import io.plantroom.device.Access;
import io.plantroom.edge.config.DeviceConfig;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Objects;
import org.eclipse.milo.opcua.stack.core.security.CertificateValidator;

/**
 * A server as the configuration says it is to be reached.
 *
 * @param security name of a policy, or {@code none}; empty for the best of the safe ones
 * @param trust {@code listed}, {@code first-use}, or empty for the default of its address
 */
record ServerAt(String host, int port, String path, String security, String trust, Access access) {

  static ServerAt of(DeviceConfig device) {
    return of(device.endpoint(), device.access());
  }

  static ServerAt of(URI endpoint, Access access) {
    return new ServerAt(
        endpoint.getHost(),
        endpoint.getPort(),
        Objects.requireNonNullElse(endpoint.getPath(), ""),
        parameter(endpoint, "security"),
        parameter(endpoint, "trust"),
        access);
  }

  private static String parameter(URI endpoint, String name) {
    return Objects.requireNonNullElse(io.plantroom.device.Endpoints.parameter(endpoint, name), "");
  }

  String url() {
    return "opc.tcp://" + host + ":" + port + path;
  }

  /** The same scheme, host and port, as devices name their bus. */
  String bus() {
    return "opc.tcp://" + host + ":" + port;
  }

  boolean secure() {
    return !security.equals("none");
  }

  /** Who decides about the certificate the server shows. See docs/decisions/010. */
  CertificateValidator validator(Path folder) {
    if (trust.equals("first-use")) {
      return new FirstUseTrust(firstUse(folder));
    }
    if (trust.isEmpty() && isLoopback()) {
      return (chain, uri, names) -> {};
    }
    return new ListedTrust(new TrustList(folder), firstUse(folder), url());
  }

  private Path firstUse(Path folder) {
    return folder.resolve("server-" + host.replace(':', '_') + "-" + port + ".der");
  }

  private boolean isLoopback() {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
