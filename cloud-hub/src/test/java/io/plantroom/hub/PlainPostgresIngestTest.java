package io.plantroom.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PlainPostgresIngestTest extends IngestContract {
  @Override
  DatabaseConfig database() {
    return TestDatabase.fresh();
  }

  @Test
  void aPartitionThatWasDroppedIsMadeAgain() throws Exception {
    Instant day = Instant.parse("2021-05-05T12:00:00Z");
    alone(Sample.good("old", "state", day, new Value.State(1)));
    hub().hub().database().jdbi().useHandle(h -> h.execute("DROP TABLE telemetry_20210505"));

    alone(Sample.good("old", "number", day, new Value.Analog(5)));

    assertThat(hub().count("SELECT count(*) FROM telemetry_20210505")).isEqualTo(1);
  }
}
