package io.plantroom.simulator.device;

/** A listener with devices behind it. */
public interface BusServer extends AutoCloseable {
  /** Where it really listens. */
  int port();

  /** Stops listening and lets go of every connection. May block. */
  @Override
  void close();
}
