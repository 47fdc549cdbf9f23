package io.plantroom.edge.driver.opcua;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.driver.DriverFactory;
import io.plantroom.edge.driver.ProtocolDriver;
import java.nio.file.Path;
import java.security.Security;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * Devices at {@code opc.tcp://host:port/path?device=name}. Signed and encrypted with Basic256Sha256
 * or better, unless the endpoint says {@code &security=none} or names another policy; certificates
 * of servers as {@link TrustList} says, or {@code &trust=first-use}.
 */
public final class OpcUaDrivers implements DriverFactory {
  static {
    // The JDK does not know SHA256withRSA/PSS by that name, and Aes256_Sha256_RsaPss needs it.
    if (Security.getProvider(BouncyCastleProvider.PROVIDER_NAME) == null) {
      Security.addProvider(new BouncyCastleProvider());
    }
  }

  private final Path folder;
  private final InstantSource clock;
  private final Map<ServerAt, OpcUaLine> lines = new ConcurrentHashMap<>();

  /**
   * A factory.
   *
   * @param folder where this gateway's certificate and the trusted ones are kept
   */
  public OpcUaDrivers(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  @Override
  public ProtocolDriver open(DeviceConfig device) {
    OpcUaLine line = lines.computeIfAbsent(ServerAt.of(device), s -> line(s, folder, clock));
    return new OpcUaDriver(line, device, clock);
  }

  static OpcUaLine line(ServerAt server, Path folder, InstantSource clock) {
    return new OpcUaLine(server, folder, clock);
  }

  @Override
  public void forget(DeviceConfig last) {
    String bus = ServerAt.of(last).bus();
    lines.forEach(
        (server, line) -> {
          if (server.bus().equals(bus)) {
            lines.remove(server);
            line.close();
          }
        });
  }

  @Override
  public void close() {
    lines.values().forEach(OpcUaLine::close);
    lines.clear();
  }
}
