package io.plantroom.hub.database;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plantroom.hub.TestDatabase;
import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnreleasedTablesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          DELETE FROM flyway_schema_history WHERE version = '050'           | 050
          UPDATE flyway_schema_history SET checksum = 1 WHERE version = '070' | 070
          """)
  void tablesOfABuildBetweenTwoReleasesAreRefusedInWordsThatSayWhatToDo(
      String inBetween, String migration) {
    DatabaseConfig config = TestDatabase.fresh();
    Database.open(config).close();
    TestDatabase.execute(config.url(), inBetween);

    assertThatThrownBy(() -> Database.open(config))
        .isInstanceOf(UnreleasedTablesException.class)
        .message()
        .contains("用 --reset 重新开始", "start it with --reset", "docs/backup.md", migration)
        .doesNotContain("outOfOrder", "ignoreMigrationPatterns");
  }
}
