package io.plantroom.simulator.building;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plantroom.profile.Profile;
import io.plantroom.simulator.TestSite;
import io.plantroom.yaml.YamlException;
import io.plantroom.yaml.YamlFile;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BuildingTest {
  private final String good = read();

  @Test
  void aGoodFileLoads() throws YamlException {
    Building building = load(good);
    assertThat(building.devices()).hasSize(4);
    assertThat(building.buses().get("coap")).isNotNull();
  }

  @Test
  void everyWrongEntryIsNamedWithItsLineAndItsRule() {
    String bad =
        good.replace("unit: 2,", "unit: 1,")
            .replace("profile: test-lift", "profile: test-lyft")
            .replace("bus: coap", "bus: koap");
    assertThatThrownBy(() -> load(bad))
        .isInstanceOf(YamlException.class)
        .hasMessageContaining("b.yaml:9: devices/1/unit: unit 1 of bus 'modbus-1' is 'meter-1'")
        .hasMessageContaining("b.yaml:10: devices/2/profile: no profile 'test-lyft'; there are ")
        .hasMessageContaining("b.yaml:11: devices/3/bus: no bus 'koap'; there are coap, modbus-1");
  }

  @Test
  void aKeyThatStandsTwiceIsRefused() {
    assertThatThrownBy(() -> load(good.replace("key: meter-2", "key: meter-1")))
        .hasMessageContaining("b.yaml:9: devices/1/key: device 'meter-1' stands twice");
  }

  @Test
  void aDeviceOnTheWrongKindOfBusIsRefused() {
    assertThatThrownBy(() -> load(good.replace("bus: opc-ua", "bus: coap")))
        .hasMessageContaining("profile 'test-lift' speaks opc-ua, bus 'coap' is coap");
  }

  @Test
  void aModbusDeviceNeedsAUnitAndNobodyElseHasOne() {
    assertThatThrownBy(() -> load(good.replace("unit: 2, ", "")))
        .hasMessageContaining("a Modbus device needs a unit from 1 to 247");
    assertThatThrownBy(() -> load(good.replace("bus: coap,", "bus: coap, unit: 3,")))
        .hasMessageContaining("only Modbus devices have a unit");
  }

  @Test
  void missingAndUnknownKeysAreTold() {
    assertThatThrownBy(() -> load(good.replace("buses:", "sight: 1\nbuses:")))
        .hasMessageContaining("b.yaml:3: sight: unknown key");
    assertThatThrownBy(() -> load(good.replace("bus: opc-ua, ", "")))
        .hasMessageContaining("needs the key 'bus'");
    assertThatThrownBy(() -> load(good.replace("2026-10-01T00:00:00Z", "yesterday")))
        .hasMessageContaining("since must look like 2026-10-01T00:00:00Z, got \"yesterday\"");
  }

  @Test
  void aDeviceIsReadAsOftenAsItsEntrySaysButNeverMoreThanItBears() throws YamlException {
    Building building = load(good);
    Profile meter = TestSite.profile("test-meter");
    assertThat(building.devices().get(0).period(meter)).isEqualTo(Duration.ofSeconds(2));
    assertThat(building.devices().get(3).period(meter)).isEqualTo(Duration.ofSeconds(30));
    Profile water = TestSite.profile("lwm2m-water-meter");
    assertThat(building.devices().get(0).period(water))
        .isGreaterThanOrEqualTo(water.limits().minPeriod());
  }

  private static Building load(String text) throws YamlException {
    return Building.load(YamlFile.parse("b.yaml", text), TestSite.catalog());
  }

  private static String read() {
    try {
      return Files.readString(TestSite.resource("small-building.yaml"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
