package io.plantroom.edge.desired;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.poll.DeviceStatus;
import io.plantroom.edge.poll.LinkState;
import io.plantroom.wire.DesiredConfiguration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A configuration that has yet to prove itself. It has failed when devices that were asked in
 * another way before answered then, and none of those that were changed answers now. A device that
 * is new may be silent: it may not be wired yet.
 */
final class Trial {
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final DesiredConfiguration configuration;
  private final List<DeviceConfig> devices;
  private final Set<String> changed = new HashSet<>();
  private final Set<String> watched = new HashSet<>();
  private final boolean answeredBefore;
  private final long endsNanos;

  /** What is to be said of a trial at a moment. */
  enum Verdict {
    OPEN,
    STANDS,
    FAILED
  }

  Trial(
      DesiredConfiguration configuration,
      List<DeviceConfig> devices,
      List<DeviceStatus> before,
      Duration probation,
      long nowNanos) {
    this.configuration = configuration;
    this.devices = List.copyOf(devices);
    Map<String, DeviceStatus> old = new LinkedHashMap<>();
    before.forEach(s -> old.put(s.device().key(), s));
    boolean answered = false;
    List<Duration> periods = new ArrayList<>();
    for (DeviceConfig device : devices) {
      DeviceStatus was = old.get(device.key());
      if (was != null && was.device().isAskedLike(device)) {
        continue;
      }
      watched.add(device.key());
      if (was != null) {
        changed.add(device.key());
        periods.add(device.every());
        answered |= was.online();
      }
    }
    answeredBefore = answered;
    Duration patience =
        periods.stream()
            .min(Comparator.naturalOrder())
            .map(p -> p.multipliedBy(3))
            .filter(p -> p.compareTo(probation) > 0)
            .orElse(probation);
    // A device that is asked once an hour must not leave the gateway undecided for a day.
    Duration most = probation.compareTo(LONGEST) > 0 ? probation : LONGEST;
    endsNanos = nowNanos + (patience.compareTo(most) < 0 ? patience : most).toNanos();
  }

  DesiredConfiguration configuration() {
    return configuration;
  }

  List<DeviceConfig> devices() {
    return devices;
  }

  Verdict verdict(List<DeviceStatus> now, long nowNanos) {
    boolean all = true;
    boolean someChanged = false;
    for (DeviceStatus s : now) {
      String key = s.device().key();
      all &= s.online() || !watched.contains(key);
      someChanged |= s.online() && changed.contains(key);
    }
    if (all) {
      return Verdict.STANDS;
    }
    if (nowNanos < endsNanos) {
      return Verdict.OPEN;
    }
    return answeredBefore && !someChanged ? Verdict.FAILED : Verdict.STANDS;
  }

  /** Who of those that are watched does not answer, and why, for people. */
  List<String> silent(List<DeviceStatus> now) {
    return now.stream()
        .filter(s -> watched.contains(s.device().key()) && !s.online())
        .map(Trial::words)
        .toList();
  }

  private static String words(DeviceStatus s) {
    return s.device().key()
        + ": "
        + (s.link() instanceof LinkState.Offline off ? off.reason().en() : "not answered yet");
  }
}
