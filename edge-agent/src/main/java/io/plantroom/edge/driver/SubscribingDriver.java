package io.plantroom.edge.driver;

import io.plantroom.profile.Point;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A driver whose device can tell changes by itself. */
public interface SubscribingDriver extends ProtocolDriver {
  /**
   * Asks the device to tell changes of those points that its model says it can tell, from now on
   * until {@link #close()}. Does not wait for the device; one that is away is asked again whenever
   * {@link #read} finds it back.
   *
   * <p>From then on {@link #read} need not ask the device for what it tells by itself: it gives the
   * last word with the time of that word, so the same moment may be given again and again. It fails
   * like any other when the device has been silent for longer than it promised.
   *
   * @param sink takes what was told at once, in its order; called from the protocol's own threads,
   *     must not block
   */
  void subscribe(List<Point> points, Consumer<List<RawValue>> sink);

  /**
   * What {@link #read} would give without asking the device, so that no thread need wait for it;
   * null when it would ask. Never waits; called as {@link #read} is.
   */
  default @Nullable List<RawValue> known(List<Point> points) {
    return null;
  }
}
