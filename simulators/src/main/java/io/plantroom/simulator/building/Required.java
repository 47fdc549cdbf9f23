package io.plantroom.simulator.building;

import org.jspecify.annotations.Nullable;

/** Keys that a file must not leave out. */
final class Required {
  private Required() {}

  static <T> T key(String key, @Nullable T value) {
    if (value == null) {
      throw new IllegalArgumentException("needs the key '" + key + "'");
    }
    return value;
  }
}
