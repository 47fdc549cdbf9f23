package io.plantroom.simulator.device;

/** How a device treats who asks it. */
public enum Answering {
  PROMPT,
  /** After {@link #SLOW_MILLIS}. */
  SLOW,
  /** With the protocol's word for a broken device. */
  EXCEPTION,
  /** Never, though it lets itself be asked. */
  HANG;

  public static final long SLOW_MILLIS = 700;
}
