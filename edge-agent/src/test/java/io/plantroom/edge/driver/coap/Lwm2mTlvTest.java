package io.plantroom.edge.driver.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plantroom.profile.CoapType;
import io.plantroom.profile.PointKind;
import io.plantroom.profile.Raw;
import java.math.BigDecimal;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    assertThat(device.find("0", PointKind.TEXT, null))
        .isEqualTo(new Raw.Text("Open Mobile Alliance"));
    assertThat(device.find("3", PointKind.TEXT, null)).isEqualTo(new Raw.Text("1.0"));
    assertThat(device.find("6/1", PointKind.STATE, null)).isEqualTo(new Raw.Whole(5));
    assertThat(device.find("7/0", PointKind.ANALOG, CoapType.INTEGER))
        .isEqualTo(new Raw.Whole(3800));
    assertThat(device.find("9", PointKind.ANALOG, null)).isEqualTo(new Raw.Whole(100));
    assertThat(device.find("11/0", PointKind.STATE, CoapType.INTEGER)).isEqualTo(new Raw.Whole(0));
    assertThat(device.find("13", PointKind.ANALOG, CoapType.INTEGER))
        .isEqualTo(new Raw.Whole(1367491215));
    assertThat(device.find("17", PointKind.TEXT, null)).isNull();
  }

  @Test
  void measuredValuesAreFloatsAndTheirDecimalsAreTheDevices() throws Exception {
    // Instance 0 of a temperature sensor: 5700 = 21.4 as a float, 5601 = -3.25 as a double.
    Told sensor = read("080013" + "E4164441AB3333" + "E815E108C00A000000000000");
    assertThat(sensor.find("0/5700", PointKind.ANALOG, CoapType.FLOAT)).isEqualTo(exact("21.4"));
    assertThat(sensor.find("0/5601", PointKind.ANALOG, CoapType.FLOAT)).isEqualTo(exact("-3.25"));
  }

  /** From the first integer that is as a float no tiny one, to the largest. */
  @ParameterizedTest
  @CsvSource({
    "E4157D0001E240, INTEGER, 123456",
    "E4157DFFFE1DC0, INTEGER, -123456",
    "E4157D0D9751C0, INTEGER, 228020672",
    "E4157D3F800000, INTEGER, 1065353216",
    "E4157D7FFFFFFF, INTEGER, 2147483647",
    "E4157DFFFFFFFF, UNSIGNED, 4294967295",
    "E2157DFFFF, UNSIGNED, 65535",
    "E8157D08FFFFFFFFFFFFFFFF, UNSIGNED, 18446744073709551615",
    "E4157D3F800000, FLOAT, 1.0",
    "E4157D00000000, FLOAT, 0.0",
    "E4157D00000001, FLOAT, 1.4E-45"
  })
  void fourAndEightBytesAreWhatTheModelSays(String hex, CoapType type, BigDecimal value)
      throws Exception {
    Raw raw = read(hex).find("5501", PointKind.COUNTER, type);
    assertThat(raw).isNotNull().extracting(Raw::number).isEqualTo(value);
  }

  @Test
  void withoutAWordOfTheModelNothingIsGuessed() throws Exception {
    assertThatThrownBy(() -> read("E4157D0001E240").find("5501", PointKind.COUNTER, null))
        .isInstanceOf(Told.Unreadable.class)
        .hasMessageContaining("coap/type");
    assertThat(read("E2157D04D2").find("5501", PointKind.COUNTER, null))
        .isEqualTo(new Raw.Whole(1234));
  }

  @Test
  void aFloatThatIsNoNumberIsNotTakenForAnInteger() throws Exception {
    assertThat(read("E416447FC00000").find("5700", PointKind.ANALOG, CoapType.FLOAT))
        .isInstanceOf(Raw.Real.class);
    assertThat(read("E2164401F4").find("5700", PointKind.ANALOG, CoapType.FLOAT)).isNull();
  }

  @Test
  void theOnlyValueNeedsNoName() throws Exception {
    assertThat(read("E1157C01").find(null, PointKind.STATE, null)).isEqualTo(new Raw.Whole(1));
  }

  @ParameterizedTest
  @CsvSource({
    "5700, 22.5, FLOAT, E8164408 4036800000000000",
    "9, 100, INTEGER, C10964",
    "5851, -129, INTEGER, E216DBFF7F",
    "5851, 200, UNSIGNED, E116DBC8",
    "5851, 200, INTEGER, E216DB00C8",
    "5851, 70000, INTEGER, E416DB00011170",
    "5851, 5000000000, INTEGER, E816DB08000000012A05F200",
    "5850, 1, BOOLEAN, E116DA01"
  })
  void aNewValueIsAsShortAsItsTypeAllows(int id, BigDecimal value, CoapType type, String hex)
      throws Exception {
    byte[] written = Lwm2mTlv.resource(id, value, type);
    assertThat(HexFormat.of().withUpperCase().formatHex(written)).isEqualTo(hex.replace(" ", ""));
    Raw back = Told.of(Told.LWM2M_TLV, written).find("" + id, PointKind.ANALOG, type);
    assertThat(back).isNotNull();
    assertThat(back.number()).isEqualByComparingTo(value);
  }

  @Test
  void whatATypeCannotHoldIsRefused() {
    assertThatThrownBy(() -> Lwm2mTlv.resource(1, new BigDecimal("22.5"), CoapType.INTEGER))
        .hasMessageContaining("22.5");
    assertThatThrownBy(() -> Lwm2mTlv.resource(1, new BigDecimal("-1"), CoapType.UNSIGNED))
        .hasMessageContaining("-1");
    assertThatThrownBy(() -> Lwm2mTlv.resource(1, BigDecimal.ONE, null))
        .hasMessageContaining("coap/type");
  }

  @ParameterizedTest
  @ValueSource(strings = {"C8", "C800FF41", "E416", "410005", "08020802", "080006080003080000"})
  void whatIsCutOffOrNestedWronglyIsUnreadable(String hex) {
    assertThatThrownBy(() -> read(hex)).isInstanceOf(Told.Unreadable.class);
  }
}
