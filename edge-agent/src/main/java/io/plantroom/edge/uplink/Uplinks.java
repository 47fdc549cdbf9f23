package io.plantroom.edge.uplink;

import io.plantroom.edge.config.EdgeConfig.UplinkConfig;
import io.plantroom.edge.outbox.Outbox;
import io.plantroom.telemetry.Sample;
import io.plantroom.wire.Event;
import io.plantroom.wire.GatewayStatus;
import io.plantroom.wire.JsonWire;
import java.util.function.Supplier;

/** Makes uplinks. */
public final class Uplinks {
  private Uplinks() {}

  /**
   * An uplink over MQTT that is not started.
   *
   * @param will the status the broker tells when this gateway is gone
   */
  public static Uplink mqtt(
      String gateway,
      UplinkConfig config,
      Outbox<Event> events,
      Outbox<Sample> telemetry,
      GatewayStatus will,
      Supplier<GatewayStatus> status) {
    return new Uplink(
        gateway,
        new MqttTransport(gateway, config, JsonWire.encode(will)),
        events,
        telemetry,
        config.maxInFlight(),
        status);
  }
}
