package io.plantroom.profile;

/** How the words of a Modbus value are to be understood. */
public enum RegisterType {
  BIT(1),
  INT16(1),
  UINT16(1),
  INT32(2),
  UINT32(2),
  INT64(4),
  UINT64(4),
  FLOAT32(2),
  FLOAT64(4);

  private final int registers;

  RegisterType(int registers) {
    this.registers = registers;
  }

  /** How many addresses a value takes. */
  public int registers() {
    return registers;
  }
}
