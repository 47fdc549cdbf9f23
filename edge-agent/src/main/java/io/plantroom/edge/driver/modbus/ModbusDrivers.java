package io.plantroom.edge.driver.modbus;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.driver.DriverFactory;
import io.plantroom.edge.driver.ProtocolDriver;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Devices at {@code modbus-tcp://host:port?unit=n} and {@code modbus-rtu-tcp://…}. */
public final class ModbusDrivers implements DriverFactory {
  private final InstantSource clock;
  private final Map<String, ModbusLine> lines = new ConcurrentHashMap<>();

  public ModbusDrivers(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public ProtocolDriver open(DeviceConfig device) {
    String host = Objects.requireNonNull(device.endpoint().getHost());
    boolean rtu = "modbus-rtu-tcp".equals(device.endpoint().getScheme());
    ModbusLine line =
        lines.computeIfAbsent(
            device.bus(), b -> new ModbusLine(host, device.endpoint().getPort(), rtu));
    int unit = Integer.parseInt(Objects.requireNonNull(device.parameter("unit")));
    return new ModbusDriver(line, unit, device.profile().limits(), clock);
  }

  @Override
  public void forget(DeviceConfig last) {
    ModbusLine line = lines.remove(last.bus());
    if (line != null) {
      line.close();
    }
  }

  @Override
  public void close() {
    lines.values().forEach(ModbusLine::close);
    lines.clear();
  }
}
