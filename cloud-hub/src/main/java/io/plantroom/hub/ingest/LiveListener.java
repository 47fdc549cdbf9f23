package io.plantroom.hub.ingest;

/** Hears newest values that a gateway sends ahead of its backlog. Must not block. */
@FunctionalInterface
public interface LiveListener {
  void onLive(String gateway, byte[] payload);
}
