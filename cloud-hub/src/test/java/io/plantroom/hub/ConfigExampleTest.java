package io.plantroom.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plantroom.hub.config.HubConfig;
import io.plantroom.hub.config.Organisation;
import io.plantroom.yaml.YamlFile;
import java.nio.file.Path;
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
  void anUnknownKeyIsNamedWithItsLine() throws Exception {
    YamlFile file = YamlFile.parse("hub.yaml", "http: { port: 80, colour: red }");

    assertThatThrownBy(() -> file.as(HubConfig.class))
        .hasMessageContaining("hub.yaml:1")
        .hasMessageContaining("colour");
  }
}
