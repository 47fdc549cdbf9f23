package io.plantroom.profile;

import java.math.BigDecimal;

/** What a measured value can be, in its unit. */
public record Range(BigDecimal low, BigDecimal high) {
  public Range {
    if (low.compareTo(high) >= 0) {
      throw new IllegalArgumentException("a range needs low below high");
    }
  }
}
