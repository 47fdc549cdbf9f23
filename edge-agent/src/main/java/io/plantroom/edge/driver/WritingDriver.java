package io.plantroom.edge.driver;

import io.plantroom.profile.Point;
import io.plantroom.profile.Raw;

/** A driver that can also set points. Whether it may is not its affair. */
public interface WritingDriver extends ProtocolDriver {
  /**
   * Writes now, once, and waits for the device's word. Called as {@link #read} is, never beside it.
   *
   * @throws DriverException when the device refused ({@code DEVICE_EXCEPTION}) or did not answer;
   *     then nobody knows whether it obeyed
   * @throws IllegalArgumentException when the point cannot be written or cannot hold the value
   */
  void write(Point point, Raw value) throws DriverException;

  /**
   * Asks the device itself what a point shows, also where {@link #read} may give what was last
   * told.
   */
  RawValue fresh(Point point) throws DriverException;
}
