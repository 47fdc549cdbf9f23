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
  FLOAT64(4),
  /** Four decimal digits a register, the highest first. */
  BCD16(1),
  BCD32(2),
  BCD64(4),
  /** Characters, two a register; as many registers as the address says. */
  TEXT(0);

  private final int registers;

  RegisterType(int registers) {
    this.registers = registers;
  }

  boolean isBcd() {
    return this == BCD16 || this == BCD32 || this == BCD64;
  }

  /** How many addresses a value takes; 0 where the address says it. */
  public int registers() {
    return registers;
  }
}
