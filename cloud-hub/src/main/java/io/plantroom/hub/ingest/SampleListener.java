package io.plantroom.hub.ingest;

import io.plantroom.hub.telemetry.StoredSample;
import java.util.List;

/** Hears of samples after their commit. Must not block and must not throw. */
@FunctionalInterface
public interface SampleListener {
  void onStored(List<StoredSample> fresh);
}
