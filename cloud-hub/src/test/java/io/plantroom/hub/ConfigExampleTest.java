package io.plantroom.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plantroom.hub.config.HubConfig;
import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import io.plantroom.hub.config.Organisation;
import io.plantroom.yaml.YamlFile;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ConfigExampleTest {
  private static final Path EXAMPLE = Path.of("src/main/config-example");

  @Test
  void theExampleIsAConfigurationThatLoads() throws Exception {
    HubConfig config = HubConfig.load(EXAMPLE.resolve("hub.yaml"));

    assertThat(config.organisation()).isAbsolute().exists();
    assertThat(Organisation.load(config.organisation()).gateways()).hasSize(2);
    assertThat(config.toString()).as("no secret in what may be logged").doesNotContain("password=");
  }

  @Test
  void aGatewayAtASiteThatIsNotListedIsNamed() throws Exception {
    YamlFile file =
        YamlFile.parse(
            "organisation.yaml",
            """
            groups: [{id: g, name: {zh: 组, en: G}}]
            gateways: [{code: gw-1, site: nowhere, name: {zh: 网关, en: Gateway}}]
            """);

    assertThatThrownBy(() -> file.as(Organisation.class))
        .hasMessageContaining("organisation.yaml")
        .hasMessageContaining("gw-1")
        .hasMessageContaining("nowhere");
  }

  @Test
  void aReplicaHasTheUserOfItsPrimaryUnlessOneIsNamed() throws Exception {
    String text =
        """
        url: jdbc:postgresql://db-1/plantroom
        user: plantroom
        password: secret
        connections: 12
        reads: { url: "jdbc:postgresql://db-2/plantroom"%s }
        """;
    DatabaseConfig same = database(text.formatted(""));
    DatabaseConfig other =
        database(text.formatted(", user: reader, password: other, most-behind: 5s"));

    assertThat(Objects.requireNonNull(same.reads()).mostBehind()).hasSeconds(30);
    assertThat(Objects.requireNonNull(same.reads()).server(same))
        .extracting(
            DatabaseConfig::url,
            DatabaseConfig::user,
            DatabaseConfig::password,
            DatabaseConfig::connections)
        .containsExactly("jdbc:postgresql://db-2/plantroom", "plantroom", "secret", 12);
    assertThat(Objects.requireNonNull(other.reads()).server(other))
        .extracting(DatabaseConfig::user, DatabaseConfig::password)
        .containsExactly("reader", "other");
    assertThat(same.reads() + " " + other).doesNotContain("secret").doesNotContain("other");
    assertThatThrownBy(() -> database(text.formatted(", most-behind: 1s")))
        .hasMessageContaining("hub.yaml:5: reads: most-behind must be 2s to 30m, got 1s");
    assertThatThrownBy(() -> database(text.formatted(", password: other")))
        .hasMessageContaining("a password needs its user");
  }

  private static DatabaseConfig database(String text) throws Exception {
    return YamlFile.parse("hub.yaml", text).as(DatabaseConfig.class);
  }

  @Test
  void anUnknownKeyIsNamedWithItsLine() throws Exception {
    YamlFile file = YamlFile.parse("hub.yaml", "http: { port: 80, colour: red }");

    assertThatThrownBy(() -> file.as(HubConfig.class))
        .hasMessageContaining("hub.yaml:1")
        .hasMessageContaining("colour");
  }
}
