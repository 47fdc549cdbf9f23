package io.plantroom.simulator.device;

import io.plantroom.profile.Point;
import io.plantroom.profile.Profile;
import io.plantroom.profile.Quantity;
import java.util.Optional;

/** Something that a protocol server lets answer. Implementations are thread-safe. */
public interface Device {
  /** Name within the building; stands for {@code {device}} in paths and node ids. */
  String key();

  Profile profile();

  Answering answering();

  /** One moment of the device: all that is asked of it belongs together. */
  Moment now();

  /** What the device shows at one moment. */
  @FunctionalInterface
  interface Moment {
    /** Empty when the device does not have this point. */
    Optional<Quantity> of(Point point);
  }
}
