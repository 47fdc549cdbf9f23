package io.plantroom.simulator.play;

import io.plantroom.profile.Signal;

/**
 * A sine with noise that holds for 5 s. Phase and level differ a little from device to device, so
 * that no two meters of a model bill the same; the level never leaves what the wave allows.
 */
final class WaveCourse implements Course {
  private static final long NOISE_MILLIS = 5_000;
  private static final int TABLE = 2048;

  /** Which part of the swing is the device's own level. */
  private static final double OWN = 0.4;

  /** Straight lines between these are close enough, quick, and the same on every machine. */
  private static final double[] SINE = new double[TABLE + 1];

  static {
    for (int i = 0; i <= TABLE; i++) {
      SINE[i] = StrictMath.sin(2 * Math.PI * i / TABLE);
    }
  }

  private final Signal.Wave wave;
  private final Chance noise;
  private final long period;
  private final long shift;
  private final double level;

  WaveCourse(Signal.Wave wave, Chance device, Chance point) {
    this.wave = wave;
    this.noise = point;
    this.period = Math.max(1, wave.period().toMillis());
    this.shift = (long) (device.share(1) * period / 8);
    this.level = OWN * (2 * device.share(4) - 1);
  }

  @Override
  public double at(long millis) {
    double place = (double) ((millis + shift) % period) / period * TABLE;
    int i = (int) place;
    double sine = SINE[i] + (SINE[i + 1] - SINE[i]) * (place - i);
    double random =
        wave.noise() == 0 ? 0 : wave.noise() * (2 * noise.share(millis / NOISE_MILLIS) - 1);
    return wave.mean() + wave.swing() * (level + (1 - OWN) * sine + random);
  }
}
