package io.plantroom.simulator;

import io.plantroom.profile.Profile;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.yaml.YamlException;
import io.plantroom.yaml.YamlFile;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;

/** The small building and the three models of these tests. */
public final class TestSite {
  /** As small-building.yaml says. */
  public static final Instant SINCE = Instant.parse("2026-10-01T00:00:00Z");

  private TestSite() {}

  public static Path resource(String name) {
    URL url = Objects.requireNonNull(TestSite.class.getResource("/" + name), name);
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  public static ProfileCatalog catalog() {
    ProfileCatalog.Extended extended = ProfileCatalog.builtIn().withFolder(resource("profiles"));
    if (!extended.problems().isEmpty()) {
      throw new IllegalStateException(String.join("\n", extended.problems()));
    }
    return extended.catalog();
  }

  public static Profile profile(String id) {
    return catalog().find(id).orElseThrow();
  }

  public static Options options() {
    try {
      return Options.of(YamlFile.read(resource("small-building.yaml")), catalog());
    } catch (YamlException e) {
      throw new IllegalStateException(e);
    }
  }
}
