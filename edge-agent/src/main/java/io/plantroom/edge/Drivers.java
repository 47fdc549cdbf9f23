package io.plantroom.edge;

import io.plantroom.edge.driver.DriverFactory;
import io.plantroom.edge.driver.coap.CoapDrivers;
import io.plantroom.edge.driver.modbus.ModbusDrivers;
import io.plantroom.edge.driver.opcua.OpcUaDrivers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/** The drivers that come with the agent, by URI scheme. */
public final class Drivers {
  private Drivers() {}

  /**
   * New ones, connected to nothing yet.
   *
   * @param data where a driver may keep what must survive, such as its certificate
   */
  public static Map<String, DriverFactory> all(Path data, InstantSource clock) {
    ModbusDrivers modbus = new ModbusDrivers(clock);
    CoapDrivers coap = new CoapDrivers(clock);
    return Map.of(
        "modbus-tcp",
        modbus,
        "modbus-rtu-tcp",
        modbus,
        "modbus-rtu",
        modbus,
        "opc.tcp",
        new OpcUaDrivers(data.resolve("opcua"), clock),
        "coap",
        coap,
        "coaps",
        coap);
  }
}
