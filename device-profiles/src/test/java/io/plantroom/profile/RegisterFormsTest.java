package io.plantroom.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plantroom.yaml.YamlException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Forms that some devices have besides plain numbers. Expected values are worked out by hand. */
class RegisterFormsTest {
  private static final String HEAD =
      """
      profile: odd-meter
      maker: Odd
      model: Meter
      category: electricity-meter
      protocol: modbus
      name: { zh: 表, en: Meter }
      source: made for tests
      verified: false
      """;

  private static Profile profile(String rest) throws YamlException {
    return ProfileLoader.parse("odd.yaml", HEAD + rest);
  }

  private static Point point(String rest) throws YamlException {
    return profile("points:\n  - " + rest.strip().replace("\n", "\n    ")).points().get(0);
  }

  private static Point number(String modbus) throws YamlException {
    return point(
        "name: p\ntitle: { zh: 点, en: P }\nkind: analog\nunit: V\nmodbus: { table:"
            + " holding-register, register: 0, "
            + modbus
            + " }");
  }

  private static Quantity decoded(Point point, int... registers) {
    return point.quantity(
        RegisterCodec.decode((PointAddress.Modbus) point.address(), registers, 0));
  }

  private static void roundTrip(Point point, Raw raw, int... registers) {
    int[] written = new int[registers.length];
    RegisterCodec.encode((PointAddress.Modbus) point.address(), raw, written, 0);
    assertThat(written).containsExactly(registers);
  }

  @Test
  void allFourOrdersOfA32BitFloatAreRead() throws YamlException {
    // 231.25 is 0x43674000.
    assertThat(decoded(number("type: float32"), 0x4367, 0x4000))
        .isEqualTo(new Quantity.Analog(231.25));
    assertThat(decoded(number("type: float32, words: low-first"), 0x4000, 0x4367))
        .isEqualTo(new Quantity.Analog(231.25));
    assertThat(decoded(number("type: float32, bytes: low-first"), 0x6743, 0x0040))
        .isEqualTo(new Quantity.Analog(231.25));
    Point all = number("type: float32, words: low-first, bytes: low-first");
    assertThat(decoded(all, 0x0040, 0x6743)).isEqualTo(new Quantity.Analog(231.25));
    roundTrip(all, new Raw.Real(231.25, true), 0x0040, 0x6743);
  }

  @Test
  void decimalDigitsAreReadExactlyAndOthersAreNoValue() throws YamlException {
    Point digits = number("type: bcd32");
    assertThat(decoded(digits, 0x1234, 0x5678)).isEqualTo(new Quantity.Analog(12345678));
    assertThat(decoded(digits, 0xFFFF, 0xFFFF)).isEqualTo(new Quantity.NotAvailable());
    roundTrip(digits, new Raw.Whole(90), 0x0000, 0x0090);
    Point swapped = number("type: bcd64, words: low-first");
    assertThat(decoded(swapped, 0x4321, 0, 0, 0x0001))
        .isEqualTo(new Quantity.Analog(1_000_000_004_321.0));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                RegisterCodec.encode(
                    (PointAddress.Modbus) number("type: bcd16").address(),
                    new Raw.Whole(10000),
                    new int[1],
                    0))
        .withMessageContaining("4 decimal digits");
  }

  @Test
  void textEndsAtAZeroOrInSpacesAndKeepsChinese() throws YamlException {
    Point text =
        point(
            "name: serial\ntitle: { zh: 编号, en: Serial }\nkind: text\nmodbus: { table:"
                + " holding-register, register: 0, type: text, length: 3 }");
    assertThat(decoded(text, 0x4142, 0x4300, 0x5858)).isEqualTo(new Quantity.Text("ABC"));
    assertThat(decoded(text, 0x4142, 0x2020, 0x2020)).isEqualTo(new Quantity.Text("AB"));
    // 泵 is E6 B3 B5 in UTF-8.
    roundTrip(text, new Raw.Text("泵1"), 0xE6B3, 0xB531, 0);
    assertThat(decoded(text, 0xE6B3, 0xB531, 0)).isEqualTo(new Quantity.Text("泵1"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> roundTrip(text, new Raw.Text("1234567"), 0, 0, 0));
  }

  @Test
  void anotherRegisterScalesExactly() throws YamlException {
    Profile meter =
        profile(
            """
            points:
              - name: level
                title: { zh: 液位, en: Level }
                kind: analog
                unit: m
                scale-by: [{ point: decimals, as: decimals }]
                modbus: { table: holding-register, register: 4, type: int16 }
              - name: decimals
                title: { zh: 小数位, en: Decimals }
                kind: analog
                unit: "1"
                modbus: { table: holding-register, register: 3, type: uint16 }
              - name: energy
                title: { zh: 电能, en: Energy }
                kind: counter
                unit: kWh
                scale: 0.01
                scale-by: [{ point: pt, as: factor }, { point: ct, as: factor }]
                modbus: { table: holding-register, register: 10, type: uint32 }
              - name: pt
                title: { zh: 电压变比, en: PT }
                kind: analog
                unit: "1"
                modbus: { table: holding-register, register: 20, type: uint16 }
              - name: ct
                title: { zh: 电流变比, en: CT }
                kind: analog
                unit: "1"
                modbus: { table: holding-register, register: 21, type: uint16 }
            """);
    Point level = meter.point("level").orElseThrow();
    Map<String, BigDecimal> known =
        Map.of("decimals", BigDecimal.valueOf(3), "pt", BigDecimal.ONE, "ct", new BigDecimal(40));
    assertThat(level.quantity(new Raw.Whole(-1234), known::get))
        .isEqualTo(new Quantity.Analog(-1.234));
    assertThat(level.raw(new Quantity.Analog(-1.234), known::get).number())
        .isEqualByComparingTo("-1234");
    assertThat(level.quantity(new Raw.Whole(1), RegisterFormsTest::unknown))
        .isEqualTo(new Quantity.NotAvailable());
    Point energy = meter.point("energy").orElseThrow();
    assertThat(energy.quantity(new Raw.Whole(4_294_967_295L), known::get).number())
        .isEqualByComparingTo("1717986918.00");
    assertThat(energy.quantity(new Raw.Whole(1), other -> BigDecimal.ZERO))
        .as("a ratio of 0 is no ratio")
        .isEqualTo(new Quantity.NotAvailable());
  }

  private static @Nullable BigDecimal unknown(String point) {
    return null;
  }

  @Test
  void aDeadbandInPercentIsOfTheRange() throws YamlException {
    Point p =
        point(
            "name: p\ntitle: { zh: 压力, en: P }\nkind: analog\nunit: bar\ndeadband-percent: 0.5\n"
                + "range: { low: -1, high: 15 }\nheartbeat: 1m\nmodbus: { table:"
                + " holding-register, register: 0, type: int16 }");
    assertThat(p.threshold()).isEqualTo(0.08);
  }

  @Test
  void whatDoesNotGoTogetherIsRefusedInTheUsersWords() {
    for (String[] wrong :
        new String[][] {
          {"register: 0, type: text", "length"},
          {"register: 0, type: uint16, length: 2", "a length goes with the type text"},
          {"register: 0, type: bcd16, bits: { from: 0, to: 1 }", "bits go with"},
        }) {
      assertThatThrownBy(() -> number(wrong[0].substring(13)))
          .as(Arrays.toString(wrong))
          .isInstanceOf(YamlException.class)
          .hasMessageContaining(wrong[1]);
    }
    String unreadable =
        """
        limits: { unreadable: [{ table: holding-register, from: 5, to: 9 }] }
        points:
          - name: p
            title: { zh: 点, en: P }
            kind: analog
            unit: V
            modbus: { table: holding-register, register: 4, type: uint32 }
        """;
    assertThatThrownBy(() -> profile(unreadable)).hasMessageContaining("unreadable");
    String unknown =
        """
        points:
          - name: p
            title: { zh: 点, en: P }
            kind: analog
            unit: V
            scale-by: [{ point: q, as: factor }]
            modbus: { table: holding-register, register: 4, type: uint32 }
        """;
    assertThatThrownBy(() -> profile(unknown)).hasMessageContaining("no point 'q'");
  }
}
