package io.plantroom.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/devices.md} says what the catalog holds, neither more nor less. */
class DevicesTableTest {
  private static final Path DOCUMENT = Path.of("../docs/devices.md");
  private static final Path CURRENT = Path.of("target/devices.md");

  private static final Map<Category, String> TITLES = new EnumMap<>(Category.class);

  static {
    TITLES.put(Category.ELECTRICITY_METER, "Electricity meters 电表");
    TITLES.put(Category.HEAT_METER, "Heat meters 热量表");
    TITLES.put(Category.WATER_METER, "Water meters 水表");
    TITLES.put(Category.GAS_METER, "Gas meters 燃气表");
    TITLES.put(Category.PUMP, "Pumps 水泵");
    TITLES.put(Category.DRIVE, "Drives 变频器");
    TITLES.put(Category.LIFT, "Lifts 电梯");
    TITLES.put(Category.ESCALATOR, "Escalators 自动扶梯");
    TITLES.put(Category.FIRE_PANEL, "Fire detection 消防");
    TITLES.put(Category.GENERATOR, "Generators 发电机");
    TITLES.put(Category.UPS, "Uninterruptible supplies 不间断电源");
    TITLES.put(Category.AIR_HANDLING, "Air handling and conditioning 空调新风");
    TITLES.put(Category.AIR_QUALITY, "Air quality 空气质量");
    TITLES.put(Category.TANK, "Tanks and levels 液位");
    TITLES.put(Category.SENSOR, "Other sensors 其他传感器");
  }

  @Test
  void theDocumentListsTheModelsAsTheyAre() throws IOException {
    String now = document();
    Files.createDirectories(CURRENT.getParent());
    Files.writeString(CURRENT, now);
    assertThat(DOCUMENT)
        .as("copy device-profiles/target/devices.md to docs/devices.md")
        .content()
        .isEqualTo(now);
  }

  @Test
  void everyKindOfEquipmentHasAModel() {
    assertThat(byCategory().keySet()).containsExactlyInAnyOrder(Category.values());
  }

  private static String document() {
    StringBuilder text = new StringBuilder();
    text.append("# Devices that Plantroom knows\n\n")
        .append("Made from the profiles; a test holds it against them. \"Verified\" says whether ")
        .append("somebody has compared the map with\nthe real device; \"billing\" names the OBIS ")
        .append("codes that can be settled from. How to add a model:\n")
        .append("[device-profiles](../device-profiles/README.md).\n");
    byCategory()
        .forEach(
            (category, models) -> {
              text.append("\n## ").append(TITLES.get(category)).append("\n\n");
              text.append("| profile | model | read over | points | alarms | billing | source |");
              text.append(" verified |\n|---|---|---|---|---|---|---|---|\n");
              models.forEach(p -> text.append(row(p)));
            });
    return text.toString();
  }

  private static Map<Category, List<Profile>> byCategory() {
    return ProfileCatalog.builtIn().all().stream()
        .collect(Collectors.groupingBy(Profile::category, TreeMap::new, Collectors.toList()));
  }

  private static String row(Profile p) {
    String billing =
        p.billing().stream().map(BillingRegister::obis).collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "| `%s` | %s %s | %s | %d | %d | %s | %s | %s |\n",
        p.profile(),
        p.maker(),
        p.model(),
        protocol(p.protocol()),
        p.points().size(),
        p.alarms().size(),
        billing.isEmpty() ? "–" : billing,
        firstSentence(p.source()).replace("|", "\\|"),
        p.verified() ? "yes" : "no");
  }

  private static String protocol(Protocol protocol) {
    return switch (protocol) {
      case MODBUS -> "Modbus";
      case OPC_UA -> "OPC UA";
      case COAP -> "CoAP";
    };
  }

  private static String firstSentence(String source) {
    String flat = source.strip().replaceAll("\\s+", " ");
    int end = flat.indexOf(". ");
    return end < 0 ? flat : flat.substring(0, end + 1);
  }
}
