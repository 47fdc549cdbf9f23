package io.plantroom.profile;

/** Which Modbus function a device wants a single coil or register written with. */
public enum WriteFunction {
  /** Function 5 for a coil, 6 for a register. */
  SINGLE,
  /** Function 15 for a coil, 16 for a register; longer values are always written so. */
  MULTIPLE
}
