package io.plantroom.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.plantroom.yaml.YamlException;
import io.plantroom.yaml.YamlFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The example that the README points at works as it says. */
class ExampleTest {
  private static final Path EXAMPLE = Path.of("example");

  @Test
  void theExampleIsAModelLikeAnyOther() throws YamlException {
    ProfileCatalog.Extended extended =
        ProfileCatalog.builtIn().withFolder(EXAMPLE.resolve("profiles"));
    assertThat(extended.problems()).isEmpty();
    Profile acme = extended.catalog().find("acme-dts3366").orElseThrow();
    YamlFile.read(EXAMPLE.resolve("recordings/acme-dts3366.yaml")).as(Recording.class).check(acme);
    assertThat(Rest.of(acme).raised()).isEmpty();
    assertThat(Rest.of(acme).with("relay-open").raised()).containsExactly("relay-open");
  }

  @Test
  void theReadmeNamesEveryBuiltInModel() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    for (Profile p : ProfileCatalog.builtIn().all()) {
      assertThat(readme).contains("`" + p.profile() + "`");
    }
  }
}
