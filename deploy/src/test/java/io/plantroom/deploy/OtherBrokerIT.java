package io.plantroom.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way over a broker that has nothing to do with ours. */
@Needs("mosquitto")
class OtherBrokerIT {

  @Test
  void samplesArriveOverMosquitto(@TempDir Path data) throws Exception {
    Path certificates = data.resolve("certificates");
    DevelopmentCa.ensure(certificates, DemoFiles.GATEWAY);
    try (Mosquitto broker = Mosquitto.start(data.resolve("mosquitto"), certificates);
        DemoSystem system = RunningSystem.start(data, broker.port())) {
      await("the hub commits")
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(200))
          .untilAsserted(
              () ->
                  assertThat(HubLedger.read(system.database()).telemetryMark())
                      .isGreaterThan(1_000));
      assertThat(system.admin().get("gateways").get(0).get("link").asText()).isEqualTo("online");
    }
  }
}
