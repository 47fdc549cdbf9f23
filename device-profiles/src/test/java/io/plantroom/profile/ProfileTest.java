package io.plantroom.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plantroom.yaml.YamlException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every built-in model promises. */
class ProfileTest {
  private static final Path FOLDER = Path.of("src/main/resources/profiles");

  static Stream<Profile> profiles() {
    return ProfileCatalog.builtIn().all().stream();
  }

  @Test
  void theIndexListsEveryFileAndNothingElse() throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      List<String> yaml =
          files
              .filter(f -> f.toString().endsWith(".yaml"))
              .map(f -> FOLDER.relativize(f).toString().replace('\\', '/'))
              .sorted()
              .toList();
      assertThat(ProfileLoader.resource("/profiles/index.txt").lines()).isEqualTo(yaml);
      assertThat(ProfileCatalog.builtIn().all()).hasSameSizeAs(yaml);
      for (String path : yaml) {
        Profile p = ProfileLoader.parse(path, ProfileLoader.resource("/profiles/" + path));
        assertThat(path).endsWith("/" + p.profile() + ".yaml");
      }
    } catch (YamlException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  @Test
  void aBuiltInModelIsReadOnceForAllCatalogs() {
    Profile first = ProfileCatalog.builtIn().find("eastron-sdm120").orElseThrow();
    assertThat(ProfileCatalog.builtIn().find("eastron-sdm120")).containsSame(first);
    assertThat(ProfileCatalog.builtIn().find("eastron-sdm999")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void recordedAnswersMeanWhatTheManualSays(Profile profile) throws YamlException {
    Recording.of(profile.profile()).check(profile);
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void everyPointIsPlayedWithValuesThatTheDeviceCanShow(Profile profile) {
    for (Point point : profile.points()) {
      assertThat(profile.simulation().signal(point.name()))
          .as(profile.profile() + ": signal of " + point.name())
          .isNotNull();
      for (double value : Rest.of(profile).values(point.name())) {
        shows(profile, point, BigDecimal.valueOf(value));
      }
    }
    profile
        .simulation()
        .faults()
        .values()
        .forEach(f -> f.set().forEach((name, v) -> shows(profile, profile.point(name).get(), v)));
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void noAlarmHoldsWithoutAFault(Profile profile) {
    Rest rest = Rest.of(profile);
    for (AlarmCondition alarm : profile.alarms()) {
      assertThat(rest.holds(alarm)).as(profile.profile() + ": " + alarm.key()).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void everyFaultRaisesAnAlarm(Profile profile) {
    for (String fault : profile.simulation().faults().keySet()) {
      assertThat(Rest.of(profile).with(fault).raised())
          .as(profile.profile() + ": alarms of fault " + fault)
          .isNotEmpty();
    }
  }

  /** Through the registers and back: nothing lost but what the register cannot tell. */
  private static void shows(Profile profile, Point point, BigDecimal value) {
    String what = profile.profile() + ": " + point.name() + " = " + value;
    Raw raw =
        point.raw(
            switch (point.kind()) {
              case ANALOG -> new Quantity.Analog(value.doubleValue());
              case COUNTER -> new Quantity.Counter(value);
              default -> new Quantity.State(value.intValueExact());
            },
            other -> BigDecimal.ONE);
    if (point.address() instanceof PointAddress.Modbus address) {
      int[] registers = new int[address.registers()];
      RegisterCodec.encode(address, raw, registers, 0);
      raw = RegisterCodec.decode(address, registers, 0);
    }
    Quantity back = point.quantity(raw, other -> BigDecimal.ONE);
    if (back instanceof Quantity.State state) {
      assertThat(point.states()).as(what).extracting(StateText::code).contains(state.code());
    }
    assertThat(number(back))
        .as(what)
        .isCloseTo(
            value.doubleValue(),
            within(
                Math.max(
                    point.scale().abs().doubleValue() / 1.9,
                    Math.abs(value.doubleValue()) * 1e-6)));
  }

  private static double number(Quantity quantity) {
    if (quantity instanceof Quantity.Analog a) {
      return a.value();
    }
    if (quantity instanceof Quantity.Counter c) {
      return c.value().doubleValue();
    }
    if (quantity instanceof Quantity.State s) {
      return s.code();
    }
    throw new AssertionError("not a good value: " + quantity);
  }
}
