package io.plantroom.hub.ingest;

import java.time.Duration;

/** Sends to gateways. Must not block; what is lost on the way is sent again by whoever cares. */
@FunctionalInterface
public interface Downlink {
  /**
   * Sends at least once while the broker is there.
   *
   * @param retain whether a gateway that comes later is to hear it, too
   */
  void publish(String topic, byte[] payload, boolean retain);

  /**
   * As above, not retained.
   *
   * @param holds after which nobody is to hear it any more
   */
  default void publish(String topic, byte[] payload, Duration holds) {
    publish(topic, payload, false);
  }
}
