package io.plantroom.profile;

/**
 * A counter from which somebody pays.
 *
 * @param obis what it counts, for instance {@code 1-0:1.8.0}
 * @param digits digits before the decimal point; the register rolls over at 10^digits
 * @param decimals digits after it that count
 */
public record BillingRegister(String point, Medium medium, String obis, int digits, int decimals) {

  /** What is delivered. */
  public enum Medium {
    ELECTRICITY,
    COLD_WATER,
    HOT_WATER,
    HEAT,
    COOLING,
    GAS
  }

  public BillingRegister {
    if (!obis.matches("\\d-\\d{1,3}:\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}")) {
      throw new IllegalArgumentException("obis must look like 1-0:1.8.0, got " + obis);
    }
    if (digits < 1 || digits > 18 || decimals < 0 || decimals > 6) {
      throw new IllegalArgumentException("obis " + obis + ": digits 1 to 18, decimals 0 to 6");
    }
  }
}
