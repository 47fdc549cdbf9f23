package io.plantroom.edge.health;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.plantroom.edge.outbox.RecordClass;
import io.plantroom.edge.poll.DeviceStatus;
import io.plantroom.edge.uplink.LaneCounters;
import io.plantroom.wire.Event.CommandOutcome;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** The agent's figures. They are read when asked for; nothing is counted twice. */
final class Metrics {
  private final MeterRegistry registry;
  private final AgentView agent;
  private final Map<String, List<Meter>> devices = new HashMap<>();
  private volatile Map<String, DeviceStatus> newest = Map.of();

  private Metrics(MeterRegistry registry, AgentView agent) {
    this.registry = registry;
    this.agent = agent;
  }

  static Metrics bind(MeterRegistry registry, AgentView agent) {
    Metrics m = new Metrics(registry, agent);
    m.counter("plantroom.edge.samples.read", "Values read", AgentView::samplesRead);
    m.counter("plantroom.edge.samples.told", "Samples put into the outbox", AgentView::samplesTold);
    m.gauge("plantroom.edge.alarms.raised", "Alarms raised now", AgentView::alarmsRaised);
    m.gauge("plantroom.edge.uplink.up", "1 while connected", a -> a.uplinkDown() == null ? 1 : 0);
    for (CommandOutcome outcome : CommandOutcome.values()) {
      if (outcome != CommandOutcome.ACCEPTED) {
        m.counter(
            "plantroom.edge.commands",
            "Commands to the field that ended",
            a -> a.commands().ended().getOrDefault(outcome, 0L),
            "outcome",
            name(outcome));
      }
    }
    for (RecordClass type : RecordClass.values()) {
      m.queue(type);
    }
    return m;
  }

  /** Devices come and go; to be called before the figures are shown. */
  synchronized void refresh() {
    Map<String, DeviceStatus> now = new HashMap<>();
    agent.devices().forEach(d -> now.put(d.device().key(), d));
    newest = now;
    for (String gone : Set.copyOf(devices.keySet())) {
      if (!now.containsKey(gone)) {
        Objects.requireNonNull(devices.remove(gone)).forEach(registry::remove);
      }
    }
    now.keySet().forEach(key -> devices.computeIfAbsent(key, this::device));
  }

  private List<Meter> device(String key) {
    return List.of(
        now(key, "plantroom.edge.device.online", "1 online", DeviceStatus::online),
        now(key, "plantroom.edge.late", "1 while slower than its period", DeviceStatus::late),
        device(key, "plantroom.edge.polls", "Tries", DeviceStatus::polls),
        device(key, "plantroom.edge.misses", "Tries without answer", DeviceStatus::misses),
        device(key, "plantroom.edge.overruns", "Periods left out", DeviceStatus::overruns));
  }

  private Meter now(String key, String name, String text, Predicate<DeviceStatus> state) {
    return Gauge.builder(name, key, k -> of(k, d -> state.test(d) ? 1 : 0))
        .description(text)
        .tag("device", key)
        .register(registry);
  }

  private Meter device(String key, String name, String text, ToDoubleFunction<DeviceStatus> f) {
    return FunctionCounter.builder(name, key, k -> of(k, f))
        .description(text)
        .tag("device", key)
        .register(registry);
  }

  private double of(String key, ToDoubleFunction<DeviceStatus> figure) {
    DeviceStatus status = newest.get(key);
    return status == null ? 0 : figure.applyAsDouble(status);
  }

  private void queue(RecordClass type) {
    String[] tags = {
      "lane", name(type.lane()), "queue", name(type),
    };
    gauge("plantroom.edge.backlog", "Records kept", a -> a.outbox(type).backlog(), tags);
    counter("plantroom.edge.lost", "Records lost", a -> a.outbox(type).lost(), tags);
    if (agent.counters(type) == null) {
      return;
    }
    counter("plantroom.edge.frames", "Frames sent", of(type, LaneCounters::frames), tags);
    counter("plantroom.edge.receipts", "Receipts", of(type, LaneCounters::receipts), tags);
    counter("plantroom.edge.rewinds", "Times sent again", of(type, LaneCounters::rewinds), tags);
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static ToDoubleFunction<AgentView> of(
      RecordClass type, ToDoubleFunction<LaneCounters> value) {
    return a -> {
      LaneCounters counters = a.counters(type);
      return counters == null ? 0 : value.applyAsDouble(counters);
    };
  }

  private void gauge(String name, String text, ToDoubleFunction<AgentView> f, String... tags) {
    Gauge.builder(name, agent, f).description(text).tags(tags).register(registry);
  }

  private void counter(String name, String text, ToDoubleFunction<AgentView> f, String... tags) {
    FunctionCounter.builder(name, agent, f).description(text).tags(tags).register(registry);
  }
}
