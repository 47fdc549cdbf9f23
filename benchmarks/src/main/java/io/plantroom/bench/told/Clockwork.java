package io.plantroom.bench.told;

import io.plantroom.profile.Profile;
import io.plantroom.profile.Quantity;
import io.plantroom.simulator.device.Answering;
import io.plantroom.simulator.device.Device;
import java.util.Optional;

/**
 * All its points show when they last changed, in milliseconds of the epoch, which is once in a
 * period.
 *
 * @param phaseMillis within the period, so that not all devices change at once
 */
record Clockwork(String key, Profile profile, long periodMillis, long phaseMillis)
    implements Device {
  @Override
  public Answering answering() {
    return Answering.PROMPT;
  }

  @Override
  public Moment now() {
    long since = System.currentTimeMillis() - phaseMillis;
    Quantity changed = new Quantity.Analog(since - since % periodMillis + phaseMillis);
    return point -> Optional.of(changed);
  }
}
