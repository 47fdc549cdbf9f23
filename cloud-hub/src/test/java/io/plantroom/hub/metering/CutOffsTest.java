package io.plantroom.hub.metering;

import static org.assertj.core.api.Assertions.assertThat;

import io.plantroom.hub.TestDatabase;
import io.plantroom.hub.TestHub;
import io.plantroom.hub.config.HubConfig;
import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import io.plantroom.hub.database.Database;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CutOffsTest {
  private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

  @TempDir Path folder = Path.of(".");

  @Test
  void theMonthEndsAtMidnightOfTheSiteAndIsReadOnceAfterTheLastSamplesCame() throws Exception {
    // Ahead of now, because registers count only from when the hub first heard of them.
    Instant at = YearMonth.now(SHANGHAI).plusMonths(1).atDay(1).atStartOfDay(SHANGHAI).toInstant();
    DatabaseConfig config = TestDatabase.fresh();
    try (TestHub hub = new TestHub(folder, config, InstantSource.fixed(at.minusSeconds(10)));
        Database database = Database.open(config)) {
      hub.introduce("gw-a");
      hub.samples(
          "gw-a", List.of(energy(at.minusSeconds(30), "10.5"), energy(at.plusSeconds(30), "10.6")));

      cutOffs(database, at.minusSeconds(1)).run();
      cutOffs(database, at.plusSeconds(100)).run();
      assertThat(hub.count("SELECT count(*) FROM reading")).as("still settling").isZero();
      cutOffs(database, at.plusSeconds(121)).run();
      cutOffs(database, at.plusSeconds(200)).run();

      assertThat(hub.count("SELECT count(*) FROM reading WHERE value = 10.5 AND status = 'valid'"))
          .isEqualTo(1);
      assertThat(hub.count("SELECT count(*) FROM reading WHERE at <> timestamptz '" + at + "'"))
          .isZero();
      assertThat(hub.count("SELECT max(version) FROM reading")).isEqualTo(1);

      hub.samples("gw-a", List.of(energy(at.minusSeconds(5), "10.55")));
      cutOffs(database, at.plusSeconds(300)).run();
      cutOffs(database, at.plusSeconds(360)).run();

      assertThat(hub.count("SELECT count(*) FROM reading WHERE version = 2 AND value = 10.55"))
          .as("what came late and says it better")
          .isEqualTo(1);
      assertThat(hub.count("SELECT max(version) FROM reading")).isEqualTo(2);
    }
  }

  private static CutOffs cutOffs(Database database, Instant now) {
    return new CutOffs(database, new HubConfig.CutOff(1, "00:00"), InstantSource.fixed(now));
  }

  private static Sample energy(Instant at, String value) {
    return Sample.good("meter-1", "energy-import", at, new Value.Counter(new BigDecimal(value)));
  }
}
