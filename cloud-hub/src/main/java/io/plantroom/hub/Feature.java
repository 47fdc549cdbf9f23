package io.plantroom.hub;

/** A part of the hub with a life. Started in order, stopped in reverse. Both may block. */
public interface Feature {
  void start() throws Exception;

  /** Never throws; what could not be stopped cleanly is logged. */
  void stop();
}
