package io.plantroom.edge;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.profile.Profile;
import io.plantroom.profile.ProfileLoader;
import io.plantroom.wire.Event;
import io.plantroom.yaml.YamlException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;

/** Devices of the profiles in {@code src/test/resources/profiles}. */
public final class TestDevices {
  private TestDevices() {}

  public static Profile profile(String id) {
    String name = "/profiles/" + id + ".yaml";
    try (InputStream in = Objects.requireNonNull(TestDevices.class.getResourceAsStream(name))) {
      return ProfileLoader.parse(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (YamlException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  public static DeviceConfig device(String key, String profile, String endpoint, Duration every) {
    return new DeviceConfig(
        key,
        profile(profile),
        URI.create(endpoint),
        every,
        new Event.LocalName(key, key),
        null,
        null);
  }
}
