package io.plantroom.edge.alarm;

import io.plantroom.edge.alarm.AlarmMemory.Raised;
import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.profile.AlarmCondition;
import io.plantroom.telemetry.Quality;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import io.plantroom.wire.Event;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges the conditions of all devices on every sample that was read, and tells what begins and
 * ends. Samples of one device come one call at a time; several devices may come at once.
 */
public final class AlarmWatch {
  private static final Logger LOGGER = LoggerFactory.getLogger(AlarmWatch.class);

  private final AlarmMemory memory;
  private final Consumer<List<Event>> events;
  private final InstantSource clock;
  private final Map<String, Watched> devices = new ConcurrentHashMap<>();

  /**
   * A watch that goes on where the last one ended.
   *
   * @param file where the raised alarms are remembered
   * @param events takes what begins and ends; when it returns, that is safe
   */
  public AlarmWatch(
      List<DeviceConfig> devices, Path file, Consumer<List<Event>> events, InstantSource clock) {
    this.memory = new AlarmMemory(file);
    this.events = events;
    this.clock = clock;
    devices.forEach(d -> this.devices.put(d.key(), new Watched(d)));
    settleOrLater();
  }

  /** Also watches these, or in another way; what is raised stays raised. */
  public void watch(List<DeviceConfig> more) {
    for (DeviceConfig d : more) {
      Watched before = devices.get(d.key());
      if (before == null || !before.device.profile().equals(d.profile())) {
        devices.put(d.key(), new Watched(d));
      }
    }
  }

  /** Watches only these; alarms of others end, because nobody could clear them any more. */
  public void retain(List<DeviceConfig> those) {
    Set<String> keys = those.stream().map(DeviceConfig::key).collect(Collectors.toSet());
    devices.keySet().retainAll(keys);
    settleOrLater();
  }

  private void settleOrLater() {
    try {
      settle();
    } catch (RuntimeException e) {
      // A disk that is full now: the gateway works all the same, and this is tried again.
      LOGGER.atError().setCause(e).log("alarms of before cannot be told now");
    }
  }

  /**
   * Tells what could not be told, also if it has ended since, and ends what nobody watches any
   * more. To be called now and then; throws what the taker of the events throws.
   */
  public synchronized void settle() {
    memory.save();
    for (Raised r : memory.all()) {
      Watched device = devices.get(r.device());
      if (device != null && device.conditions.containsKey(r.alarm())) {
        device.tellUntold(r.alarm());
      } else {
        // Nobody could ever clear it: the device or its condition is no longer configured.
        tell(r, Event.Change.CLEARED, clock.instant(), true, null);
        memory.remove(r);
      }
    }
  }

  /** Looks at what a poll of the device read. */
  public void judge(DeviceConfig device, List<Sample> samples) {
    Watched watched = devices.get(device.key());
    if (watched != null) {
      watched.judge(samples);
    }
  }

  /** The alarms that are raised now, as text for people: device, key, since, value. */
  public List<Standing> standing() {
    return memory.all().stream()
        .map(r -> new Standing(r.device(), r.alarm(), r.since(), r.point(), r.value()))
        .toList();
  }

  /** An alarm that is raised. */
  public record Standing(
      String device, String alarm, Instant since, @Nullable String point, @Nullable String value) {}

  /** How many alarms are raised now. */
  public int raised() {
    return memory.all().size();
  }

  private void tell(
      Raised r, Event.Change change, Instant at, boolean clockTrusted, @Nullable String value) {
    events.accept(
        List.of(
            new Event.AlarmChange(
                at,
                clockTrusted,
                r.occurrence(),
                r.device(),
                r.alarm(),
                change,
                r.point(),
                value)));
    LOGGER
        .atInfo()
        .addKeyValue("device", r.device())
        .addKeyValue("alarm", r.alarm())
        .addKeyValue("change", change)
        .log("alarm changed");
  }

  private final class Watched {
    private final DeviceConfig device;
    private final Map<String, ConditionState> conditions = new HashMap<>();
    private final Map<String, Sample> newest = new HashMap<>();

    Watched(DeviceConfig device) {
      this.device = device;
      for (AlarmCondition c : device.profile().alarms()) {
        boolean raised = memory.find(device.key(), c.key()) != null;
        conditions.put(c.key(), new ConditionState(c, raised));
      }
    }

    /** What was raised, but could not be told then. */
    synchronized void tellUntold(String alarm) {
      Raised r = memory.find(device.key(), alarm);
      if (r != null && !r.told()) {
        tell(r, Event.Change.RAISED, r.since(), true, r.value());
        memory.put(r.asTold());
        Objects.requireNonNull(conditions.get(alarm)).assumeRaised();
      }
    }

    synchronized void judge(List<Sample> samples) {
      for (Sample s : samples) {
        if (s.quality() != Quality.BAD) {
          newest.put(s.point(), s);
        }
      }
      for (AlarmCondition c : device.profile().alarms()) {
        ConditionState state = conditions.get(c.key());
        if (state != null && state.judge(newest)) {
          try {
            changed(c, state.raised());
          } catch (RuntimeException e) {
            state.undo();
            throw e;
          }
        }
      }
    }

    private void changed(AlarmCondition condition, boolean raised) {
      String point = condition.when().point();
      Sample sample = newest.get(point);
      if (sample == null) {
        return;
      }
      String value = text(sample.value());
      if (raised) {
        Raised untold = memory.find(device.key(), condition.key());
        UUID occurrence = untold == null ? UUID.randomUUID() : untold.occurrence();
        Raised r =
            new Raised(device.key(), condition.key(), occurrence, sample.at(), point, value, false);
        memory.put(r);
        tell(r, Event.Change.RAISED, sample.at(), sample.clockTrusted(), value);
        memory.put(r.asTold());
      } else {
        Raised r = memory.find(device.key(), condition.key());
        if (r != null) {
          if (!r.told()) {
            tell(r, Event.Change.RAISED, r.since(), true, r.value());
            memory.put(r.asTold());
          }
          tell(r, Event.Change.CLEARED, sample.at(), sample.clockTrusted(), value);
          memory.remove(r);
        }
      }
    }
  }

  private static @Nullable String text(@Nullable Value value) {
    if (value instanceof Value.Analog a) {
      return String.valueOf(a.value());
    }
    if (value instanceof Value.Counter c) {
      return c.value().toPlainString();
    }
    if (value instanceof Value.State s) {
      return String.valueOf(s.code());
    }
    return value instanceof Value.Text t ? t.text() : null;
  }
}
