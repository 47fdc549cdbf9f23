package io.plantroom.edge.driver;

import io.plantroom.profile.Point;
import java.util.List;

/** Asks one device. Never called concurrently, also not with the other devices of its bus. */
public interface ProtocolDriver extends AutoCloseable {
  /**
   * Reads now; may block for as long as the device's limits allow.
   *
   * @return one value for each point, in their order; a point that cannot be read is BAD
   * @throws DriverException when the device does not answer at all
   */
  List<RawValue> read(List<Point> points) throws DriverException;

  @Override
  void close();
}
