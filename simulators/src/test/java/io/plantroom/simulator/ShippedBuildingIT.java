package io.plantroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.ghgande.j2mod.modbus.facade.ModbusTCPMaster;
import com.ghgande.j2mod.modbus.procimg.InputRegister;
import com.ghgande.j2mod.modbus.util.BitVector;
import io.plantroom.profile.Category;
import io.plantroom.profile.Point;
import io.plantroom.profile.PointAddress;
import io.plantroom.profile.Profile;
import io.plantroom.profile.Quantity;
import io.plantroom.profile.Raw;
import io.plantroom.profile.RegisterCodec;
import io.plantroom.profile.RegisterTable;
import io.plantroom.simulator.device.PlayedDevice;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.enumerated.TimestampsToReturn;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The building that comes with the product, read through its own protocols. */
class ShippedBuildingIT {
  private static SimulatedBuilding building;

  @BeforeAll
  static void start() throws IOException {
    building = SimulatedBuilding.start(Options.shipped());
  }

  @AfterAll
  static void stop() {
    building.close();
  }

  @Test
  void itIsASiteOfAllKindsOfDevices() {
    Map<Category, Long> kinds =
        building.devices().stream()
            .collect(Collectors.groupingBy(d -> d.profile().category(), Collectors.counting()));
    assertThat(kinds)
        .containsEntry(Category.ELECTRICITY_METER, 13L)
        .containsEntry(Category.HEAT_METER, 4L)
        .containsEntry(Category.PUMP, 7L)
        .containsEntry(Category.LIFT, 5L)
        .containsEntry(Category.WATER_METER, 4L)
        .containsEntry(Category.FIRE_PANEL, 2L)
        .containsEntry(Category.SENSOR, 10L)
        .containsEntry(Category.GAS_METER, 1L)
        .containsEntry(Category.DRIVE, 1L)
        .containsEntry(Category.ESCALATOR, 1L)
        .containsEntry(Category.GENERATOR, 1L)
        .containsEntry(Category.UPS, 1L)
        .containsEntry(Category.AIR_HANDLING, 1L)
        .containsEntry(Category.AIR_QUALITY, 2L)
        .containsEntry(Category.TANK, 2L);
  }

  @Test
  void everyPointThatAModelNamesIsPlayed() {
    for (PlayedDevice device : building.devices()) {
      assertThat(device.profile().points())
          .allSatisfy(p -> assertThat(device.now().of(p)).as(where(device, p)).isPresent());
    }
  }

  @Test
  void everyModbusDeviceAnswersEveryPoint() throws Exception {
    for (PlayedDevice device : of(URI::getScheme, "modbus-tcp")) {
      URI endpoint = building.endpoint(device.key());
      int unit = Integer.parseInt(endpoint.getQuery().replace("unit=", ""));
      ModbusTCPMaster master = new ModbusTCPMaster("127.0.0.1", endpoint.getPort(), 3000, false);
      master.connect();
      for (Point point : device.profile().points()) {
        PointAddress.Modbus at = (PointAddress.Modbus) point.address();
        int[] words = read(master, unit, at);
        Quantity read = point.quantity(RegisterCodec.decode(at, words, 0));
        assertThat(read).as(where(device, point)).isNotInstanceOf(Quantity.Unfit.class);
        assertThat(read).as(where(device, point)).isNotInstanceOf(Quantity.NotAvailable.class);
      }
      master.disconnect();
    }
  }

  @Test
  void everyLiftAnswersEveryPoint() throws Exception {
    List<PlayedDevice> lifts = of(URI::getScheme, "opc.tcp");
    OpcUaClient client =
        OpcUaClient.create("opc.tcp://127.0.0.1:" + building.port("opc-ua") + "/plantroom");
    client.connect();
    for (PlayedDevice lift : lifts) {
      for (Point point : lift.profile().points()) {
        String node = ((PointAddress.OpcUa) point.address()).node();
        NodeId id = NodeId.parse(node.replace("{device}", lift.key()));
        DataValue value = client.readValue(0, TimestampsToReturn.Both, id);
        assertThat(value.statusCode().isGood()).as(where(lift, point)).isTrue();
        assertThat(value.value().value()).as(where(lift, point)).isNotNull();
      }
    }
    client.disconnect();
  }

  @Test
  void everySensorAnswersEveryPoint() throws Exception {
    List<PlayedDevice> sensors = of(URI::getScheme, "coap");
    for (PlayedDevice sensor : sensors) {
      for (Point point : sensor.profile().points()) {
        String path = ((PointAddress.Coap) point.address()).path();
        CoapResponse response =
            new CoapClient(
                    "coap://127.0.0.1:"
                        + building.port("coap")
                        + path.replace("{device}", sensor.key()))
                .setTimeout(5000L)
                .get();
        assertThat(response).as(where(sensor, point)).isNotNull();
        JsonObject record = new JsonArray(response.getResponseText()).getJsonObject(0);
        Object value = record.getValue("v", record.getValue("vb", record.getValue("vs")));
        assertThat(point.quantity(raw(value)))
            .as(where(sensor, point))
            .isNotInstanceOf(Quantity.Unfit.class);
      }
    }
  }

  @Test
  void everyFaultOfEveryModelIsSwitchedOnAndOff() {
    for (PlayedDevice device : building.devices()) {
      for (String fault : device.faults()) {
        device.show(fault, null);
        assertThat(device.profile().points())
            .allSatisfy(p -> assertThat(device.now().of(p)).isPresent());
        device.clear(fault);
      }
      assertThat(device.shown()).isEmpty();
    }
  }

  @Test
  void noTwoMetersOfAModelBillTheSame() {
    Instant now = Instant.now();
    Instant dayBefore = now.minus(Duration.ofDays(1));
    Map<Profile, List<PlayedDevice>> models =
        building.devices().stream()
            .filter(d -> !d.profile().billing().isEmpty())
            .collect(Collectors.groupingBy(PlayedDevice::profile));
    models.forEach(
        (model, meters) -> {
          String point = model.billing().get(0).point();
          List<String> used =
              meters.stream()
                  .map(
                      m ->
                          building
                              .register(m.key(), point, now)
                              .subtract(building.register(m.key(), point, dayBefore))
                              .toPlainString())
                  .toList();
          assertThat(used).as(model.profile()).doesNotHaveDuplicates();
          assertThat(used).as(model.profile()).noneMatch(u -> u.startsWith("-"));
        });
  }

  private static List<PlayedDevice> of(Function<URI, String> of, String is) {
    List<PlayedDevice> found =
        building.devices().stream()
            .filter(d -> of.apply(building.endpoint(d.key())).equals(is))
            .toList();
    assertThat(found).isNotEmpty();
    return found;
  }

  private static Raw raw(Object value) {
    if (value instanceof Boolean flag) {
      return Raw.of(flag);
    }
    return value instanceof Number number
        ? new Raw.Exact(new BigDecimal(number.toString()))
        : new Raw.Text(String.valueOf(value));
  }

  private static int[] read(ModbusTCPMaster master, int unit, PointAddress.Modbus at)
      throws Exception {
    int n = at.registers();
    if (at.table().holdsBits()) {
      BitVector bits =
          at.table() == RegisterTable.COIL
              ? master.readCoils(unit, at.register(), 1)
              : master.readInputDiscretes(unit, at.register(), 1);
      return new int[] {bits.getBit(0) ? 1 : 0};
    }
    InputRegister[] words =
        at.table() == RegisterTable.INPUT_REGISTER
            ? master.readInputRegisters(unit, at.register(), n)
            : master.readMultipleRegisters(unit, at.register(), n);
    return Arrays.stream(words).mapToInt(InputRegister::getValue).toArray();
  }

  private static String where(PlayedDevice device, Point point) {
    return device.key() + " " + point.name();
  }
}
