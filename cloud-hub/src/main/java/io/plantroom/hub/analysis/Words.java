package io.plantroom.hub.analysis;

import io.plantroom.profile.LocalText;
import java.util.Map;

/** What keys are called in reports. */
final class Words {
  private static final Map<String, LocalText> MEDIA =
      Map.of(
          "electricity", new LocalText("电", "Electricity"),
          "cold-water", new LocalText("冷水", "Cold water"),
          "hot-water", new LocalText("热水", "Hot water"),
          "heat", new LocalText("热量", "Heat"),
          "cooling", new LocalText("冷量", "Cooling"),
          "gas", new LocalText("燃气", "Gas"));
  private static final Map<String, LocalText> BANDS =
      Map.of(
          "sharp", new LocalText("尖", "Sharp peak"),
          "peak", new LocalText("峰", "Peak"),
          "flat", new LocalText("平", "Flat"),
          "valley", new LocalText("谷", "Valley"),
          "deep-valley", new LocalText("深谷", "Deep valley"),
          "none", new LocalText("未设时段", "No tariff"));

  private Words() {}

  static LocalText medium(String key) {
    return MEDIA.getOrDefault(key, new LocalText(key, key));
  }

  static LocalText yes(boolean yes) {
    return yes ? new LocalText("是", "yes") : new LocalText("否", "no");
  }

  static LocalText band(String key) {
    return BANDS.getOrDefault(key, new LocalText(key, key));
  }
}
