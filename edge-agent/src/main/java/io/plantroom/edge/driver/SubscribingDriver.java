package io.plantroom.edge.driver;

import io.plantroom.profile.Point;
import java.util.List;
import java.util.function.Consumer;

/** A driver whose device can tell changes by itself. */
public interface SubscribingDriver extends ProtocolDriver {
  /**
   * Asks the device to tell changes of those points that its model says it can tell, from now on
   * until {@link #close()}. Does not wait for the device; one that is away is asked again whenever
   * {@link #read} finds it back.
   *
   * @param sink called from the protocol's own threads; must not block
   */
  void subscribe(List<Point> points, Consumer<RawValue> sink);
}
