package io.plantroom.edge.driver.opcua;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.driver.DriverFactory;
import io.plantroom.edge.driver.ProtocolDriver;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Devices at {@code opc.tcp://host:port/path?device=name}. Signed and encrypted with
 * Basic256Sha256, unless the endpoint says {@code &security=none}.
 */
public final class OpcUaDrivers implements DriverFactory {
  private final Path folder;
  private final InstantSource clock;
  private final Map<String, OpcUaLine> lines = new ConcurrentHashMap<>();

  /**
   * A factory.
   *
   * @param folder where this gateway's certificate and the servers' are kept
   */
  public OpcUaDrivers(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  @Override
  public ProtocolDriver open(DeviceConfig device) {
    boolean secure = !"none".equals(device.parameter("security"));
    OpcUaLine line =
        lines.computeIfAbsent(
            device.bus() + device.endpoint().getPath() + secure,
            b -> new OpcUaLine(device.endpoint(), secure, folder));
    String name = Objects.requireNonNullElse(device.parameter("device"), device.key());
    return new OpcUaDriver(line, name, device.profile().limits(), clock);
  }

  @Override
  public void close() {
    lines.values().forEach(OpcUaLine::close);
    lines.clear();
  }
}
