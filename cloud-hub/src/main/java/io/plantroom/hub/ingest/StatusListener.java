package io.plantroom.hub.ingest;

import io.plantroom.wire.GatewayStatus;

/** Hears what a gateway says of itself. May block. */
@FunctionalInterface
public interface StatusListener {
  void onStatus(String gateway, GatewayStatus status);
}
