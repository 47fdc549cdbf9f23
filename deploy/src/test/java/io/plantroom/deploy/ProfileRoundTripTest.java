package io.plantroom.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.plantroom.edge.Drivers;
import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.driver.DriverFactory;
import io.plantroom.edge.driver.ProtocolDriver;
import io.plantroom.edge.driver.RawValue;
import io.plantroom.edge.poll.Meaning;
import io.plantroom.profile.Point;
import io.plantroom.profile.Profile;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.profile.Quantity;
import io.plantroom.simulator.ProfileServer;
import io.plantroom.telemetry.Quality;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import io.plantroom.wire.Event;
import io.plantroom.yaml.YamlFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every model, shown by the simulator and read back by the agent's real driver. */
class ProfileRoundTripTest {
  private static final Path RECORDINGS =
      Path.of("../device-profiles/src/test/resources/recordings");

  /** What of a recording matters here: the meaning of each point. */
  record Recording(String profile, List<Case> cases) {}

  record Case(
      String name,
      @Nullable JsonNode registers,
      @Nullable JsonNode opcUa,
      @Nullable JsonNode coap,
      Map<String, JsonNode> expected) {}

  static Stream<Profile> profiles() {
    return ProfileCatalog.builtIn().all().stream();
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void whatTheSimulatorShowsIsWhatTheDriverReads(Profile profile, @TempDir Path data)
      throws Exception {
    Map<String, Quantity> shown = shown(profile);
    List<Point> points =
        profile.points().stream().filter(p -> shown.containsKey(p.name())).toList();
    Map<String, DriverFactory> drivers = Drivers.all(data, InstantSource.system());
    try (ProfileServer server = ProfileServer.serve(profile, "device-1", shown)) {
      DeviceConfig device =
          new DeviceConfig(
              "device-1",
              profile,
              server.endpoint(),
              Duration.ofSeconds(1),
              new Event.LocalName("设备", "Device"),
              null,
              null);
      DriverFactory factory =
          Objects.requireNonNull(drivers.get(String.valueOf(server.endpoint().getScheme())));
      try (ProtocolDriver driver = factory.open(device)) {
        List<RawValue> values = driver.read(points);
        List<Sample> samples = Meaning.samples(device, points, values, true, new HashMap<>());
        for (int i = 0; i < points.size(); i++) {
          Sample sample = samples.get(i);
          assertThat(sample.quality())
              .as("%s %s", points.get(i).name(), sample.cause())
              .isEqualTo(Quality.GOOD);
          assertSame(points.get(i).name(), shown.get(points.get(i).name()), sample.value());
        }
      }
    } finally {
      drivers.values().stream().distinct().forEach(DriverFactory::close);
    }
    assertThat(points).as("points with a recorded value").isNotEmpty();
  }

  private static void assertSame(String point, @Nullable Quantity shown, @Nullable Value read) {
    if (shown instanceof Quantity.Counter counter && read instanceof Value.Counter got) {
      assertThat(got.value()).as(point).isEqualByComparingTo(counter.value());
    } else if (shown instanceof Quantity.Analog analog && read instanceof Value.Analog got) {
      assertThat(got.value()).as(point).isEqualTo(analog.value());
    } else if (shown instanceof Quantity.State state) {
      assertThat(read).as(point).isEqualTo(new Value.State(state.code()));
    } else if (shown instanceof Quantity.Text text) {
      assertThat(read).as(point).isEqualTo(new Value.Text(text.text()));
    } else {
      throw new AssertionError(point + ": shown " + shown + ", read " + read);
    }
  }

  private static Map<String, Quantity> shown(Profile profile) throws Exception {
    Recording recording =
        YamlFile.read(RECORDINGS.resolve(profile.profile() + ".yaml")).as(Recording.class);
    Map<String, Quantity> shown = new LinkedHashMap<>();
    for (Case moment : recording.cases()) {
      moment
          .expected()
          .forEach(
              (point, value) -> {
                if (!value.asText().equals("not-available")) {
                  shown.putIfAbsent(point, quantity(profile.point(point).orElseThrow(), value));
                }
              });
    }
    return shown;
  }

  private static Quantity quantity(Point point, JsonNode value) {
    return switch (point.kind()) {
      case ANALOG -> new Quantity.Analog(value.doubleValue());
      case COUNTER -> new Quantity.Counter(value.decimalValue());
      case STATE -> new Quantity.State(value.intValue());
      case TEXT -> new Quantity.Text(value.asText());
    };
  }
}
