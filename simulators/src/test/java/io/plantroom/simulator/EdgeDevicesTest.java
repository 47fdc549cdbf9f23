package io.plantroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.plantroom.profile.LocalText;
import io.plantroom.yaml.YamlFile;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class EdgeDevicesTest {
  /** The agent's side of the file, as its configuration has it. */
  record Devices(List<Device> devices) {}

  record Device(
      String key,
      String profile,
      String endpoint,
      Duration every,
      LocalText name,
      LocalText location,
      String serial) {}

  @Test
  void theAgentIsToldWhereEveryDeviceReallyIs() throws Exception {
    try (SimulatedBuilding building = SimulatedBuilding.start(TestSite.options())) {
      List<Device> told =
          YamlFile.parse("devices.yaml", EdgeDevices.yaml(building)).as(Devices.class).devices();
      assertThat(told).hasSize(4);
      Device meter = told.get(1);
      assertThat(meter.endpoint())
          .isEqualTo("modbus-tcp://127.0.0.1:" + building.port("modbus-1") + "?unit=2");
      assertThat(meter.name()).isEqualTo(new LocalText("二号表", "Meter 2"));
      Device sensor = told.get(3);
      assertThat(sensor.endpoint())
          .isEqualTo("coap://127.0.0.1:" + building.port("coap") + "?device=sensor-1");
      assertThat(sensor.every()).isEqualTo(Duration.ofSeconds(30));
      assertThat(sensor.location().en()).isEqualTo("Cellar: \"north\"");
      assertThat(told.get(2).endpoint())
          .isEqualTo("opc.tcp://127.0.0.1:" + building.port("opc-ua") + "/plantroom?device=lift-1");
    }
  }
}
