package io.plantroom.bench.sick;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.poll.PollSink;
import io.plantroom.telemetry.Sample;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Times from one reading of a device to its next, of several windows together. */
final class Periods {
  private double[] millis = new double[1 << 16];
  private int count;
  private boolean counting;
  private boolean sorted;
  private long began;
  private double seconds;

  /** Takes the readings of one engine. */
  PollSink sink(Set<String> watched) {
    Map<String, Long> last = new HashMap<>();
    return new PollSink() {
      @Override
      public void onRead(DeviceConfig device, List<Sample> samples) {
        if (watched.contains(device.key())) {
          long now = System.nanoTime();
          Long before = last.put(device.key(), now);
          if (before != null) {
            add((now - before) / 1e6);
          }
        }
      }

      @Override
      public void onReport(List<Sample> samples) {}
    };
  }

  private synchronized void add(double period) {
    if (!counting) {
      return;
    }
    if (count == millis.length) {
      millis = Arrays.copyOf(millis, 2 * count);
    }
    millis[count] = period;
    count++;
    sorted = false;
  }

  synchronized void begin() {
    counting = true;
    began = System.nanoTime();
  }

  synchronized void end() {
    counting = false;
    seconds += (System.nanoTime() - began) / 1e9;
  }

  synchronized int count() {
    return count;
  }

  /** All windows. */
  synchronized double seconds() {
    return seconds;
  }

  /** In milliseconds; 100 is the longest. */
  synchronized double percentile(int percent) {
    if (count == 0) {
      throw new IllegalStateException("no device was read twice");
    }
    if (!sorted) {
      Arrays.sort(millis, 0, count);
      sorted = true;
    }
    return millis[Math.min(count - 1, (int) ((long) count * percent / 100))];
  }
}
