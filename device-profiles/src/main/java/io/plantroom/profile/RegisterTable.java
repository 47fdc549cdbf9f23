package io.plantroom.profile;

/** One of the four address spaces of Modbus. */
public enum RegisterTable {
  COIL,
  DISCRETE_INPUT,
  HOLDING_REGISTER,
  INPUT_REGISTER;

  /** Whether an address holds one bit instead of sixteen. */
  public boolean holdsBits() {
    return this == COIL || this == DISCRETE_INPUT;
  }
}
