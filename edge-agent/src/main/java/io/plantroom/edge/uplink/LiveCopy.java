package io.plantroom.edge.uplink;

import io.plantroom.telemetry.Sample;
import io.plantroom.wire.LiveCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The newest value of each point that changed since it was last shown. Never more than one for each
 * point, never kept on disk; what counts is in the outbox. Thread-safe.
 */
public final class LiveCopy {
  private final Map<Key, Sample> newest = new ConcurrentHashMap<>();

  private record Key(String device, String point) {}

  /** Takes samples that have just been read. */
  public void offer(List<Sample> samples) {
    samples.forEach(s -> newest.put(new Key(s.device(), s.point()), s));
  }

  /** All, in portions of one message, and forgets them. */
  List<List<Sample>> take() {
    List<List<Sample>> portions = new ArrayList<>();
    List<Sample> portion = new ArrayList<>();
    for (Key key : List.copyOf(newest.keySet())) {
      Sample sample = newest.remove(key);
      if (sample != null) {
        portion.add(sample);
      }
      if (portion.size() == LiveCodec.MAX_COUNT) {
        portions.add(portion);
        portion = new ArrayList<>();
      }
    }
    if (!portion.isEmpty()) {
      portions.add(portion);
    }
    return portions;
  }

  void forget() {
    newest.clear();
  }
}
