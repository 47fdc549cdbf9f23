package io.plantroom.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.plantroom.yaml.YamlException;
import io.plantroom.yaml.YamlFile;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ScalingTest {
  @Test
  void aCounterOfFloatsIsTheDecimalThatItsDisplayShows() {
    Point energy = point(PointKind.COUNTER, "1", 0, "0");
    assertThat(energy.quantity(new Raw.Real(48213.27f, true)))
        .isEqualTo(new Quantity.Counter(new BigDecimal("48213.27")));
  }

  @Test
  void aCounterNeverPassesThroughBinaryFractions() {
    Point energy = point(PointKind.COUNTER, "0.001", 0, "0");
    assertThat(energy.quantity(new Raw.Whole(9_007_199_254_740_993L)))
        .isEqualTo(new Quantity.Counter(new BigDecimal("9007199254740.993")));
  }

  @Test
  void powersOfTwoDivideExactly() {
    Point charge = point(PointKind.COUNTER, "1", 9, "0");
    assertThat(charge.quantity(new Raw.Whole(51_201)))
        .isEqualTo(new Quantity.Counter(new BigDecimal("100.001953125")));
    Point battery = point(PointKind.ANALOG, "1", 5, "0");
    assertThat(battery.quantity(new Raw.Whole(1729))).isEqualTo(new Quantity.Analog(54.03125));
  }

  @Test
  void theOffsetComesAfterTheScale() {
    Point kelvin = point(PointKind.ANALOG, "0.01", 0, "-273.15");
    assertThat(kelvin.quantity(new Raw.Whole(29_215))).isEqualTo(new Quantity.Analog(19.0));
    assertThat(kelvin.raw(new Quantity.Analog(19.0)))
        .isEqualTo(new Raw.Exact(new BigDecimal("29215")));
  }

  @Test
  void tenthsStayTenths() {
    assertThat(point(PointKind.ANALOG, "0.1", 0, "0").quantity(new Raw.Whole(2301)))
        .isEqualTo(new Quantity.Analog(230.1));
  }

  @Test
  void notANumberIsNotAvailable() {
    for (PointKind kind : List.of(PointKind.ANALOG, PointKind.COUNTER, PointKind.STATE)) {
      assertThat(point(kind, "1", 0, "0").quantity(new Raw.Real(Double.NaN, true)))
          .isEqualTo(new Quantity.NotAvailable());
    }
    assertThat(point(PointKind.ANALOG, "0.1", 0, "0").raw(new Quantity.NotAvailable()))
        .isEqualTo(new Raw.Real(Double.NaN, true));
  }

  @Test
  void whatCannotBeSaysSo() {
    assertThat(point(PointKind.COUNTER, "1", 0, "0").quantity(new Raw.Whole(-5)))
        .isEqualTo(new Quantity.Unfit("a register cannot be negative, got -5"));
    assertThat(point(PointKind.STATE, "1", 0, "0").quantity(new Raw.Real(1.5, false)))
        .isEqualTo(new Quantity.Unfit("a state must be a whole number, got 1.5"));
    assertThat(point(PointKind.ANALOG, "1", 0, "0").quantity(new Raw.Text("warm")))
        .isEqualTo(new Quantity.Unfit("expected a number, got text"));
  }

  private static Point point(PointKind kind, String scale, int powerOfTwo, String offset) {
    String yaml =
        """
        name: p
        title: { zh: 点, en: Point }
        kind: %s
        unit: "1"
        opc-ua: { node: ns=2;s=p }
        scale: %s
        power-of-two: %d
        offset: %s
        states: [{ code: 0, title: { zh: 无, en: None } }]
        """
            .formatted(kind.name().toLowerCase(Locale.ROOT), scale, powerOfTwo, offset);
    try {
      return YamlFile.parse("point", yaml).as(Point.class);
    } catch (YamlException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }
}
