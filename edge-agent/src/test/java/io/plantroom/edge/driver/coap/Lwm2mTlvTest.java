package io.plantroom.edge.driver.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plantroom.profile.PointKind;
import io.plantroom.profile.Raw;
import java.math.BigDecimal;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Lwm2mTlvTest {
  /** The Device object of LightweightM2M 1.0.2, 6.4.3.1. */
  private static final String DEVICE =
      "C800144F70656E204D6F62696C6520416C6C69616E6365"
          + "C801164C69676874776569676874204D324D20436C69656E74"
          + "C80209333435303030313233"
          + "C303312E30"
          + "8606410001410105"
          + "88070842000ED842011388"
          + "870841007D42010384"
          + "C10964"
          + "C10A0F"
          + "830B410000"
          + "C40D5182428F"
          + "C60E2B30323A3030"
          + "C11055";

  private static Told read(String hex) throws Told.Unreadable {
    return Told.of(Told.LWM2M_TLV, HexFormat.of().parseHex(hex));
  }

  private static Raw exact(String number) {
    return new Raw.Exact(new BigDecimal(number));
  }

  @Test
  void theExampleOfTheStandardIsUnderstood() throws Exception {
    Told device = read(DEVICE);
    assertThat(device.find("0", PointKind.TEXT)).isEqualTo(new Raw.Text("Open Mobile Alliance"));
    assertThat(device.find("3", PointKind.TEXT)).isEqualTo(new Raw.Text("1.0"));
    assertThat(device.find("6/1", PointKind.STATE)).isEqualTo(new Raw.Whole(5));
    assertThat(device.find("7/0", PointKind.ANALOG)).isEqualTo(new Raw.Whole(3800));
    assertThat(device.find("9", PointKind.ANALOG)).isEqualTo(new Raw.Whole(100));
    assertThat(device.find("11/0", PointKind.STATE)).isEqualTo(new Raw.Whole(0));
    assertThat(device.find("17", PointKind.TEXT)).isNull();
  }

  @Test
  void measuredValuesAreFloatsAndTheirDecimalsAreTheDevices() throws Exception {
    // Instance 0 of a temperature sensor: 5700 = 21.4 as a float, 5601 = -3.25 as a double.
    Told sensor = read("080013" + "E4164441AB3333" + "E815E108C00A000000000000");
    assertThat(sensor.find("0/5700", PointKind.ANALOG)).isEqualTo(exact("21.4"));
    assertThat(sensor.find("0/5601", PointKind.ANALOG)).isEqualTo(exact("-3.25"));
  }

  @Test
  void anIntegerOfFourBytesIsNotTakenForATinyFloat() throws Exception {
    assertThat(read("E4157D0001E240").find("5501", PointKind.COUNTER))
        .isEqualTo(new Raw.Whole(123456));
    assertThat(read("E4157DFFFE1DC0").find("5501", PointKind.COUNTER))
        .isEqualTo(new Raw.Whole(-123456));
    assertThat(read("E4164400000000").find("5700", PointKind.ANALOG)).isEqualTo(exact("0.0"));
  }

  @Test
  void theOnlyValueNeedsNoName() throws Exception {
    assertThat(read("E1157C01").find(null, PointKind.STATE)).isEqualTo(new Raw.Whole(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"C8", "C800FF41", "E416", "410005", "08020802", "080006080003080000"})
  void whatIsCutOffOrNestedWronglyIsUnreadable(String hex) {
    assertThatThrownBy(() -> read(hex)).isInstanceOf(Told.Unreadable.class);
  }
}
