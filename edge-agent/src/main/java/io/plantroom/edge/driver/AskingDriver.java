package io.plantroom.edge.driver;

import io.plantroom.profile.Point;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A driver that keeps no thread while it waits, so that hundreds of devices need only a few. */
public interface AskingDriver extends ProtocolDriver {
  /**
   * As {@link #read}, without waiting. The future always ends, at the latest by the device's
   * timeout; it fails with a {@link DriverException} alone. It may end on a thread of the protocol,
   * which must not be held up.
   */
  CompletableFuture<List<RawValue>> ask(List<Point> points);

  @Override
  default List<RawValue> read(List<Point> points) throws DriverException {
    try {
      return ask(points).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof DriverException reason) {
        throw reason;
      }
      throw e;
    }
  }
}
