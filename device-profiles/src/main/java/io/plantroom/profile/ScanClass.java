package io.plantroom.profile;

/** How often a point wants to be read, as a multiple of its device's period. */
public enum ScanClass {
  /** Every cycle. */
  FAST(1),
  /** Every fifth cycle. */
  NORMAL(5),
  /** Every sixtieth cycle. */
  SLOW(60);

  private final int cycles;

  ScanClass(int cycles) {
    this.cycles = cycles;
  }

  public int cycles() {
    return cycles;
  }
}
