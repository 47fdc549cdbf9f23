package io.plantroom.profile;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * That a point may be set from afar, and to what. What a site allows of it stands in the agent's
 * configuration; without that nothing is ever written.
 *
 * @param min least value, in the unit of the point; analog points only
 * @param max largest value
 * @param step the value is {@code min} and a multiple of this; null for any
 * @param states codes that may be set; state points only
 * @param function of Modbus, {@code single} unless said
 * @param format of CoAP; null for the one in which the device shows the point
 */
public record Writable(
    @Nullable BigDecimal min,
    @Nullable BigDecimal max,
    @Nullable BigDecimal step,
    List<Integer> states,
    WriteFunction function,
    @Nullable WriteFormat format) {

  public Writable {
    states = states == null ? List.of() : List.copyOf(states);
    function = function == null ? WriteFunction.SINGLE : function;
    if (min != null && max != null && min.compareTo(max) >= 0) {
      throw new IllegalArgumentException("writable needs min below max");
    }
    if (step != null && step.signum() <= 0) {
      throw new IllegalArgumentException("step must be above 0");
    }
  }
}
