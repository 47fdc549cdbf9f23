package io.plantroom.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plantroom.yaml.YamlException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a model says may be set, and what of it is believed. */
class WritableTest {
  private static final String POINT =
      """
      profile: box
      maker: Acme
      model: Box
      category: %s
      protocol: modbus
      name: { zh: 盒, en: Box }
      source: made for this test
      verified: false
      points:
        - name: setpoint
          title: { zh: 设定, en: Setpoint }
          kind: %s
          %s
          modbus: { table: %s, register: 1, type: %s }
          writable: %s
      """;
  private static final String STATES =
      "states: [{ code: 0, title: { zh: 关, en: Off } }, { code: 1, title: { zh: 开, en: On } }]";

  private static Profile analog(String category, String table, String writable)
      throws YamlException {
    return ProfileLoader.parse(
        "box.yaml", POINT.formatted(category, "analog", "unit: °C", table, "uint16", writable));
  }

  private static Profile state(String writable) throws YamlException {
    return ProfileLoader.parse(
        "box.yaml", POINT.formatted("pump", "state", STATES, "coil", "bit", writable));
  }

  @Test
  void aFirePanelThatDeclaresAWritablePointIsRefusedByFileLineAndReason() {
    assertThatThrownBy(
            () -> analog("fire-panel", "holding-register", "{ min: 0, max: 1, step: 1 }"))
        .isInstanceOf(YamlException.class)
        .hasMessageContaining("box.yaml:15: points/0/writable: fire equipment is only listened to")
        .hasMessageContaining("消防设备只监听");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "holding-register | { min: 5 } | an analog point needs min and max",
        "holding-register | { min: 5, max: 5 } | writable needs min below max",
        "holding-register | { min: 1, max: 5, states: [1] } | states with state points",
        "input-register | { min: 1, max: 5 } | inputs cannot be written",
        "holding-register | { min: 1, max: 5, step: 0 } | must be above 0",
      })
  void whatCannotBeIsNamed(String table, String writable, String rule) {
    assertThatThrownBy(() -> analog("pump", table, writable))
        .isInstanceOf(YamlException.class)
        .hasMessageContaining(rule);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "coap: { path: /3308/0, record: sp } | { min: 0, max: 9 } | one record of several",
        "coap: { path: /3308/0/5900 } | { min: 0, max: 9, format: tlv } | give coap/type",
        "coap: { path: /3308/0/5900, type: boolean } | { min: 0, max: 9 } | kind analog cannot be of type boolean",
      })
  void aResourceThatCannotBeSetAloneOrHasNoTypeIsNamed(
      String address, String writable, String rule) {
    assertThatThrownBy(() -> coap(address, writable))
        .isInstanceOf(YamlException.class)
        .hasMessageContaining(rule);
  }

  @Test
  void aFormatIsOfCoapAlone() throws Exception {
    Profile valve =
        coap("coap: { path: /3308/0/5900, type: float }", "{ min: 0, max: 9, format: tlv }");
    assertThat(valve.points().get(0).writable())
        .isNotNull()
        .extracting(Writable::format)
        .isEqualTo(WriteFormat.TLV);
    assertThatThrownBy(() -> analog("pump", "holding-register", "{ min: 0, max: 9, format: text }"))
        .hasMessageContaining("points/0/writable/format: a format goes with CoAP only");
  }

  private static Profile coap(String address, String writable) throws YamlException {
    String modbus = "modbus: { table: %s, register: 1, type: %s }";
    return ProfileLoader.parse(
        "box.yaml",
        POINT
            .replace("protocol: modbus", "protocol: coap")
            .replace(modbus, "%s")
            .formatted("pump", "analog", "unit: °C", address, writable));
  }

  @Test
  void aStateThatThePointDoesNotHaveCannotBeSet() {
    assertThatThrownBy(() -> state("{ states: [0, 7] }"))
        .hasMessageContaining("points/0/writable/states/1: point 'setpoint' has no state 7");
    assertThatThrownBy(() -> state("{}")).hasMessageContaining("needs the states");
  }

  @ParameterizedTest
  @CsvSource({
    "16, ",
    "30.0, ",
    "21.5, ",
    "15.5, OUT_OF_BOUNDS",
    "30.5, OUT_OF_BOUNDS",
    "21.25, NOT_A_STEP",
    "warm, NOT_A_NUMBER",
    "1e1, NOT_A_NUMBER",
    "NaN, NOT_A_NUMBER"
  })
  void aValueIsHeldAgainstBoundsAndStep(String value, Setting.Problem problem) throws Exception {
    Profile box = analog("air-handling", "holding-register", "{ min: 16, max: 30, step: 0.5 }");
    Setting setting = Setting.of(box, box.points().get(0), value);
    assertThat(setting.problem()).isEqualTo(problem);
    assertThat(setting.quantity() == null).isEqualTo(problem != null);
  }

  @Test
  void onlyDeclaredStatesAreTaken() throws Exception {
    Profile box = state("{ states: [1] }");
    Point point = box.points().get(0);
    assertThat(Setting.of(box, point, "1").quantity()).isEqualTo(new Quantity.State(1));
    assertThat(Setting.of(box, point, "0").problem()).isEqualTo(Setting.Problem.NOT_A_STATE);
  }

  @Test
  void aPointThatSaysNothingIsOnlyRead() {
    Profile pump = ProfileCatalog.builtIn().find("grundfos-cim-pump").orElseThrow();
    assertThat(Setting.of(pump, pump.point("on").orElseThrow(), "1").problem())
        .isEqualTo(Setting.Problem.NOT_WRITABLE);
  }

  @Test
  void noBuiltInFirePanelLetsItselfBeWritten() {
    assertThat(ProfileCatalog.builtIn().all())
        .filteredOn(p -> p.category() == Category.FIRE_PANEL)
        .isNotEmpty()
        .allSatisfy(p -> assertThat(p.points()).allMatch(point -> point.writable() == null));
  }

  @Test
  void everyWritablePointOfABuiltInModelTakesItsOwnBounds() {
    for (Profile p : ProfileCatalog.builtIn().all()) {
      for (Point point : p.points()) {
        Writable w = point.writable();
        if (w != null && w.max() != null) {
          Setting most = Setting.of(p, point, w.max().toPlainString());
          assertThat(most.problem()).as(p.profile() + " " + point.name()).isNull();
        }
      }
    }
  }
}
