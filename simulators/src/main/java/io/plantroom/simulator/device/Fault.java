package io.plantroom.simulator.device;

import java.util.List;

/** Names of the faults that every device has. */
final class Fault {
  static final String HANG = "hang";
  static final String SLOW = "slow";
  static final String EXCEPTION = "exception";
  static final String COUNTER_RESET = "counter-reset";
  static final String COUNTER_ROLLOVER = "counter-rollover";

  static final List<String> GENERIC =
      List.of(HANG, SLOW, EXCEPTION, COUNTER_RESET, COUNTER_ROLLOVER);

  private Fault() {}
}
