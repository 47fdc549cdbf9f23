package io.plantroom.edge.uplink;

import io.plantroom.edge.clock.ClockWatch;
import io.plantroom.edge.config.EdgeConfig.UplinkConfig;
import io.plantroom.edge.outbox.Outboxes;
import io.plantroom.wire.GatewayStatus;
import io.plantroom.wire.JsonWire;
import java.util.function.Supplier;

/** Makes uplinks. */
public final class Uplinks {
  private Uplinks() {}

  /**
   * Reads the files that the way to the hub needs, and connects to nothing.
   *
   * @throws IllegalArgumentException with the file and what is wrong with it
   */
  public static void check(UplinkConfig config) {
    MqttTransport.tls(config);
  }

  /**
   * An uplink over MQTT that is not started.
   *
   * @param will the status the broker tells when this gateway is gone
   */
  public static Uplink mqtt(
      String gateway,
      UplinkConfig config,
      Outboxes outboxes,
      LiveCopy live,
      ClockWatch clock,
      GatewayStatus will,
      Supplier<GatewayStatus> status) {
    return new Uplink(
        gateway,
        new MqttTransport(gateway, config, JsonWire.encode(will)),
        outboxes.events(),
        outboxes.registers(),
        outboxes.telemetry(),
        live,
        clock,
        config.maxInFlight(),
        status);
  }
}
