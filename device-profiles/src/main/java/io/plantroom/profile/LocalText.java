package io.plantroom.profile;

/** A text in both languages of the product. */
public record LocalText(String zh, String en) {
  public LocalText {
    if (zh.isBlank() || en.isBlank()) {
      throw new IllegalArgumentException("needs both zh and en");
    }
  }
}
