package io.plantroom.simulator.play;

import java.nio.charset.StandardCharsets;

/** Numbers that look random and are a function of what they are asked for. */
final class Chance {
  private final long state;

  private Chance(long state) {
    this.state = state;
  }

  static Chance of(long seed, String key) {
    long h = mix(seed);
    for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
      h = mix(h ^ b);
    }
    return new Chance(h);
  }

  Chance and(String key) {
    return of(state, key);
  }

  /** From 0 (inclusive) to 1 (exclusive). */
  double share(long n) {
    return (mix(state ^ mix(n)) >>> 11) * 0x1p-53;
  }

  /** From 0 (inclusive) to {@code bound} (exclusive). */
  long below(long bound, long n) {
    return Math.floorMod(mix(state ^ mix(n)), bound);
  }

  /** The finaliser of SplitMix64. */
  private static long mix(long z) {
    long x = z + 0x9E3779B97F4A7C15L;
    x = (x ^ x >>> 30) * 0xBF58476D1CE4E5B9L;
    x = (x ^ x >>> 27) * 0x94D049BB133111EBL;
    return x ^ x >>> 31;
  }
}
