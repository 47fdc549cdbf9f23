package io.plantroom.simulator.modbus;

/** An answer by exception code. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  static final int ILLEGAL_FUNCTION = 1;
  static final int ILLEGAL_ADDRESS = 2;
  static final int ILLEGAL_VALUE = 3;
  static final int DEVICE_FAILURE = 4;
  static final int NO_SUCH_UNIT = 11;

  private final int code;

  Refusal(int code) {
    super("exception " + code, null, false, false);
    this.code = code;
  }

  int code() {
    return code;
  }
}
