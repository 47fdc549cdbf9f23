package io.plantroom.edge.driver;

import io.plantroom.profile.Point;
import java.util.List;
import java.util.function.Consumer;

/** A driver whose device can tell changes by itself. */
public interface SubscribingDriver extends ProtocolDriver {
  /**
   * Asks the device to tell changes from now on, until {@link #close()}.
   *
   * @param sink called from the protocol's own threads, one call at a time
   */
  void subscribe(List<Point> points, Consumer<RawValue> sink) throws DriverException;
}
