package io.plantroom.edge.poll;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.telemetry.Sample;
import io.plantroom.wire.Event;
import java.util.List;

/**
 * Takes what the engine found. Called by one thread, which does the engine's work; while it is held
 * up nobody is asked.
 */
public interface PollSink {
  /** Everything a poll read, also what is not worth telling; alarm conditions are judged on it. */
  default void onRead(DeviceConfig device, List<Sample> samples) {}

  /** What is worth telling: changes beyond the deadband, counters, and a sign of life. */
  void onReport(List<Sample> samples);

  /** The device began or ceased to answer. */
  default void onLink(Event.LinkChange change) {}
}
