package io.plantroom.simulator.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ghgande.j2mod.modbus.ModbusSlaveException;
import com.ghgande.j2mod.modbus.facade.ModbusTCPMaster;
import com.ghgande.j2mod.modbus.procimg.SimpleRegister;
import io.plantroom.profile.Profile;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.profile.Quantity;
import io.plantroom.simulator.device.PlayedDevice;
import io.plantroom.simulator.device.Write;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Writing, asked for by another's master. */
class WrittenTest {
  private final Vertx vertx = Vertx.vertx();
  private final Profile model = ProfileCatalog.builtIn().find("coolmasternet-vrf").orElseThrow();
  private final PlayedDevice device =
      new PlayedDevice(
          "vrf", model, 1, "vrf", Instant.now().minusSeconds(60), InstantSource.system());

  @SuppressWarnings("NullAway.Init") // made before each test
  private ModbusTCPMaster master;

  @BeforeEach
  void serve() throws Exception {
    ModbusServer server =
        ModbusServer.listen(vertx, "127.0.0.1", 0, Map.of(1, device))
            .toCompletionStage()
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
    master = new ModbusTCPMaster("127.0.0.1", server.port());
    master.connect();
  }

  @AfterEach
  void stop() throws Exception {
    master.disconnect();
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private Quantity shown(String point) {
    return device.now().of(model.point(point).orElseThrow()).orElseThrow();
  }

  @Test
  void aRegisterAndACoilAreSetAndShownAndCounted() throws Exception {
    master.writeSingleRegister(1, 18, new SimpleRegister(235));
    master.writeCoil(1, 16, false);

    assertThat(shown("u1-setpoint")).isEqualTo(new Quantity.Analog(23.5));
    assertThat(shown("u1-on")).isEqualTo(new Quantity.State(0));
    assertThat(master.readMultipleRegisters(1, 18, 1)[0].getValue()).isEqualTo(235);
    assertThat(device.writes()).extracting(Write::point).containsExactly("u1-setpoint", "u1-on");
  }

  @Test
  void severalAtOnceAreSetWhereTheyAreOnePoint() throws Exception {
    master.writeMultipleRegisters(1, 18, new SimpleRegister[] {new SimpleRegister(240)});

    assertThat(shown("u1-setpoint")).isEqualTo(new Quantity.Analog(24));
  }

  @Test
  void whatTheModelDoesNotCallWritableIsRefused() {
    assertThatThrownBy(() -> master.writeCoil(1, 17, true))
        .isInstanceOf(ModbusSlaveException.class);
    assertThatThrownBy(() -> master.writeSingleRegister(1, 900, new SimpleRegister(1)))
        .isInstanceOf(ModbusSlaveException.class);
    assertThat(device.writes()).isEmpty();
  }
}
