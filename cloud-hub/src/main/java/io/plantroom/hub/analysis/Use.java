package io.plantroom.hub.analysis;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * What was used in a bucket, and how well that is known.
 *
 * @param amount in the unit of the register; null when nothing is known. Never negative
 * @param estimated the part of it that was spread evenly over a silence longer than allowed
 * @param knownMillis time of the bucket between samples; without what a reset has hidden
 * @param wantedMillis time of the bucket that has passed
 * @param resets how often the register began anew in it
 */
record Use(
    @Nullable BigDecimal amount,
    BigDecimal estimated,
    long knownMillis,
    long wantedMillis,
    int resets) {

  static Use unknown(long wantedMillis) {
    return new Use(null, BigDecimal.ZERO, 0, wantedMillis, 0);
  }

  static final Use NONE = unknown(0);

  Use plus(Use other) {
    return new Use(
        amount == null ? other.amount : other.amount == null ? amount : amount.add(other.amount),
        estimated.add(other.estimated),
        knownMillis + other.knownMillis,
        wantedMillis + other.wantedMillis,
        resets + other.resets);
  }

  /** In another unit. */
  Use times(BigDecimal factor) {
    return new Use(
        amount == null ? null : amount.multiply(factor),
        estimated.multiply(factor),
        knownMillis,
        wantedMillis,
        resets);
  }

  /** Share of the time that is known, 0 to 1, rounded down: what is not complete is never 1. */
  double coverage() {
    return wantedMillis == 0 ? 0 : Math.floor(1000.0 * knownMillis / wantedMillis) / 1000;
  }

  /** Share of the amount that is estimated, 0 to 1, rounded up: what is estimated is never 0. */
  double estimatedShare() {
    if (amount == null || amount.signum() == 0) {
      return 0;
    }
    return estimated.divide(amount, 3, RoundingMode.CEILING).doubleValue();
  }

  /** Whether every bit of it was measured. */
  boolean measured() {
    return amount != null && estimated.signum() == 0 && knownMillis == wantedMillis && resets == 0;
  }

  @Nullable String text() {
    return text(amount);
  }

  static @Nullable String text(@Nullable BigDecimal number) {
    return number == null ? null : plain(number);
  }

  static String plain(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }
}
