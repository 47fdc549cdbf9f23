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

  /**
   * The moment that is told to a caller; to be called once for each answer. Most devices show the
   * same to whoever looks.
   */
  default Moment asked() {
    return now();
  }

  /**
   * Whether it may be told about unasked; a protocol that can only do so bus by bus offers none.
   */
  default boolean tells() {
    return true;
  }

  /**
   * Somebody sets a point.
   *
   * @return false when the device does not let it be set so
   */
  default boolean set(Point point, Quantity quantity) {
    return false;
  }

  /** What the device shows at one moment. */
  @FunctionalInterface
  interface Moment {
    /** Empty when the device does not have this point. */
    Optional<Quantity> of(Point point);
  }
}
