package io.plantroom.telemetry;

import java.math.BigDecimal;

/** The value of a sample, in the unit of its point. */
public sealed interface Value {

  /** A measured quantity; binary floating point is good enough, never used for billing. */
  record Analog(double value) implements Value {
    public Analog {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("analog value must be finite, got " + value);
      }
    }
  }

  /** A cumulative register, exact: this is what bills are made of. */
  record Counter(BigDecimal value) implements Value {}

  /** The code of an enumerated state; its meaning stands in the device profile. */
  record State(int code) implements Value {}

  /** Free text, such as the floor a lift stands at. */
  record Text(String text) implements Value {}
}
