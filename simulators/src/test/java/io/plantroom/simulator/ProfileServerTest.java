package io.plantroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plantroom.profile.Point;
import io.plantroom.profile.Profile;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.profile.Quantity;
import io.plantroom.simulator.play.Playback;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProfileServerTest {
  static Iterable<String> models() {
    return ProfileCatalog.builtIn().all().stream().map(Profile::profile).toList();
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyModelOfTheProductCanBeServed(String id) throws Exception {
    Profile profile = ProfileCatalog.builtIn().find(id).orElseThrow();
    Playback play = new Playback(profile, 1, "device-1");
    Map<String, Quantity> values = new TreeMap<>();
    for (Point point : profile.points()) {
      values.put(point.name(), play.show(point, 3_600_000, Map.of(), Map.of()).orElseThrow());
    }
    try (ProfileServer server = ProfileServer.serve(profile, "device-1", values)) {
      assertThat(server.endpoint().getPort()).isPositive();
      profile.points().stream()
          .filter(p -> !p.notAvailable().isEmpty())
          .forEach(p -> server.set(p.name(), new Quantity.NotAvailable()));
    }
  }

  @Test
  void aPointThatTheModelDoesNotHaveIsRefused() {
    Profile meter = TestSite.profile("test-meter");
    assertThatThrownBy(
            () -> ProfileServer.serve(meter, "m", Map.of("pressure", new Quantity.Analog(1))))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("profile 'test-meter' has no point 'pressure'");
  }
}
