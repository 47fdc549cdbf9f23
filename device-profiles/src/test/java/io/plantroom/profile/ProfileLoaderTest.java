package io.plantroom.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.plantroom.yaml.YamlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfileLoaderTest {
  /** Line 1 is {@code profile:}; each test breaks one thing of it. */
  private static final String GOOD =
      """
      profile: acme-box
      maker: Acme
      model: Box
      category: pump
      protocol: modbus
      name: { zh: 盒, en: Box }
      source: manual, page 7
      verified: false
      points:
        - name: on
          title: { zh: 开, en: On }
          kind: state
          modbus: { table: holding-register, register: 1, type: uint16, bits: { from: 0, to: 0 } }
          states: [{ code: 0, title: { zh: 关, en: "Off" } }, { code: 1, title: { zh: 开, en: "On" } }]
        - name: hours
          title: { zh: 小时, en: Hours }
          kind: counter
          unit: h
          modbus: { table: holding-register, register: 2, type: uint32 }
      alarms:
        - key: on
          title: { zh: 开, en: On }
          priority: low
          when: { point: on, one-of: [1] }
          on-delay: 5s
          cause: { zh: 因, en: Cause }
          advice: { zh: 法, en: Advice }
      maintenance:
        - { key: service, title: { zh: 保养, en: Service }, point: hours, every: 100, task: { zh: 做, en: Do } }
      billing:
        - { point: hours, medium: electricity, obis: "1-0:1.8.0", digits: 6, decimals: 0 }
      simulation:
        signals:
          on: { cycle: { on: 1m, off: 1m } }
          hours: { integral: { of: on, factor: 1, start: 0 } }
        faults:
          stuck: { title: { zh: 卡, en: Stuck }, set: { on: 1 } }
      """;

  @Test
  void theProfileThatIsBrokenBelowIsGood() throws YamlException {
    assertThat(ProfileLoader.parse("box.yaml", GOOD).points()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`category: pump` | `category: pump\ncolour: red` | 5: colour: unknown key; known here are alarms, billing, category, limits, maintenance, maker, model, name, points, profile, protocol, simulation, source, verified",
        "`unit: h` | `unit: h\n    units: h` | 19: points/1/units: unknown key; known here are coap, deadband, deadband-percent, heartbeat, kind, modbus, name, not-available, offset, opc-ua, power-of-two, range, scale, scale-by, scan, states, title, unit, writable",
        "category: pump | category: pumps | 4: category: expected one of electricity-meter, heat-meter, water-meter, gas-meter, pump, drive, lift, escalator, fire-panel, generator, ups, air-handling, air-quality, tank, sensor, got \"pumps\"",
        "type: uint32 | type: u32 | 19: points/1/modbus/type: expected one of bit, int16, uint16, int32, uint32, int64, uint64, float32, float64, bcd16, bcd32, bcd64, text, got \"u32\"",
        "type: uint32 | type: bit | 19: points/1/modbus/type: the type bit goes with the tables coil and discrete-input, and only there",
        "type: uint16, | type: float32, | 13: points/0/modbus/bits: bits go with the types int16 to uint64 only",
        "to: 0 } | to: 16 } | 13: points/0/modbus: this type has the bits 0 to 15, got 16",
        "register: 2, | register: 65536, | 19: points/1/modbus/register: must be at most 65535, got 65536",
        "register: 2, | register: two, | 19: points/1/modbus/register: expected a whole number, got \"two\"",
        "register: 2, | register: 65535, | 19: points/1/modbus: register must be 0 to 65535, got 65535",
        "verified: false | verified: no | 8: verified: expected true or false, got \"no\"",
        "name: hours | name: Run_Hours | 15: points/1/name: expected a name in kebab-case such as active-power or l1-voltage, got \"Run_Hours\"",
        "name: hours | name: on | 15: points/1/name: point 'on' stands twice",
        "kind: state | kind: text | 14: points/0/states: states go with the kind state only",
        "{ code: 0, | { code: 1, | 14: points/0/states/1: code '1' stands twice",
        "en: On } | zh: On } | 11: points/0/title/zh: stands twice",
        "on-delay: 5s | on-delay: 5 seconds | 25: alarms/0/on-delay: expected a duration such as 500ms, 30s, 5m, 2h or 7d, got \"5 seconds\"",
        "on-delay: 5s | on-delay: 5 | 25: alarms/0/on-delay: expected a duration such as 500ms, 30s, 5m, 2h or 7d, got 5",
        "point: on, | point: off, | 24: alarms/0/when/point: there is no point 'off'",
        "one-of: [1] | one-of: [7] | 24: alarms/0/when/one-of/0: point 'on' has no state 7",
        "one-of: [1] | one-of: [] | 24: alarms/0/when/one-of: must not be empty",
        "one-of: [1] | one-of: [1], above: 3 | 24: alarms/0/when: needs exactly one of above, below, one-of, has above and one-of",
        "one-of: [1] | one-of: [1], deadband: 1 | 24: alarms/0/when/deadband: a deadband goes with above and below only",
        "point: hours, every | point: on, every | 29: maintenance/0/point: point 'on' must be of kind counter",
        "every: 100 | every: 0 | 29: maintenance/0/every: must be above 0, got 0",
        "{ point: hours, medium | { point: kwh, medium | 31: billing/0/point: there is no point 'kwh'",
        "1-0:1.8.0 | 1.8.0 | 31: billing/0/obis: expected an OBIS code such as 1-0:1.8.0, got \"1.8.0\"",
        "of: on | of: running | 35: simulation/signals/hours/integral/of: there is no point 'running'",
        "hours: { integral | hrs: { integral | 35: simulation/signals/hrs: there is no point 'hrs'",
        "set: { on: 1 | set: { off: 1 | 37: simulation/faults/stuck/set/off: there is no point 'off'",
        "stuck: { title | Stuck: { title | 37: simulation/faults/Stuck: expected a name in kebab-case such as active-power or l1-voltage, got \"Stuck\"",
        "protocol: modbus | protocol: coap | 10: points/0: the address is not of the profile's protocol",
      })
  void aProblemNamesLinePathAndRule(String good, String bad, String problem) {
    assertThat(GOOD).contains(good);
    assertThat(problems(GOOD.replaceFirst(Pattern.quote(good), bad)))
        .containsExactly("box.yaml:" + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`    states: .*\n`                | box.yaml:10: points/0: 'states' is missing",
        "`    unit: h\n`                   | box.yaml:15: points/1: 'unit' is missing",
        "`maker: Acme\n`                   | box.yaml:1: 'maker' is missing",
        "`    modbus: .* uint32 }\n`       | box.yaml:15: points/1: needs exactly one of modbus, opc-ua, coap, has none",
        "`, en: Advice`                    | box.yaml:27: alarms/0/advice: 'en' is missing",
      })
  void whatIsMissingIsNamedWhereItBelongs(String removed, String problem) {
    String broken = GOOD.replaceFirst(removed, "");
    assertThat(broken).isNotEqualTo(GOOD);
    assertThat(problems(broken)).containsExactly(problem);
  }

  @Test
  void allThatTheSchemaFindsIsToldAtOnceInTheOrderOfTheFile() {
    String broken =
        GOOD.replace("digits: 6", "digits: 60")
            .replace("priority: low", "priority: urgent")
            .replace("model: Box", "model: ''");
    assertThat(problems(broken))
        .containsExactly(
            "box.yaml:3: model: must not be empty",
            "box.yaml:23: alarms/0/priority: expected one of critical, high, medium, low, got"
                + " \"urgent\"",
            "box.yaml:31: billing/0/digits: must be at most 18, got 60");
  }

  @Test
  void aFolderAddsModelsReplacesOursAndNamesWhatIsWrongWithoutStopping(@TempDir Path folder)
      throws IOException {
    Files.writeString(folder.resolve("acme-box.yaml"), GOOD);
    Files.writeString(folder.resolve("bad.yaml"), GOOD.replace("kind: counter", "kind: count"));
    Files.writeString(
        folder.resolve("leak.yaml"), GOOD.replace("profile: acme-box", "profile: lwm2m-leak"));
    ProfileCatalog.Extended extended = ProfileCatalog.builtIn().withFolder(folder);
    assertThat(extended.problems())
        .containsExactly(
            folder.resolve("bad.yaml")
                + ":17: points/1/kind: expected one of analog, counter, state, text, got"
                + " \"count\"");
    assertThat(extended.catalog().find("acme-box")).isPresent();
    assertThat(extended.catalog().find("lwm2m-leak").orElseThrow().maker()).isEqualTo("Acme");
    assertThat(extended.catalog().find("eastron-sdm630")).isPresent();
  }

  private static List<String> problems(String yaml) {
    YamlException e =
        catchThrowableOfType(YamlException.class, () -> ProfileLoader.parse("box.yaml", yaml));
    assertThat(e).as("an error was expected").isNotNull();
    return e.problems();
  }
}
