package io.plantroom.edge.driver.opcua;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.driver.DriverFactory;
import io.plantroom.edge.driver.ProtocolDriver;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Devices at {@code opc.tcp://host:port/path?device=name}. Signed and encrypted with Basic256Sha256
 * or better, unless the endpoint says {@code &security=none} or names another policy; certificates
 * of servers as {@link TrustList} says, or {@code &trust=first-use}.
 */
public final class OpcUaDrivers implements DriverFactory {
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
    OpcUaLine line =
        lines.computeIfAbsent(ServerAt.of(device), s -> new OpcUaLine(s, folder, clock));
    return new OpcUaDriver(line, device, clock);
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
