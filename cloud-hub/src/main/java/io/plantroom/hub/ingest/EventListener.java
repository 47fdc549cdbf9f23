package io.plantroom.hub.ingest;

import io.plantroom.wire.Event;
import org.jdbi.v3.core.Handle;

/**
 * Acts on an event within the transaction that moves the watermark, so each event counts exactly
 * once.
 */
@FunctionalInterface
public interface EventListener {
  void on(Handle handle, GatewayRef gateway, Event event, AfterCommit after);
}
