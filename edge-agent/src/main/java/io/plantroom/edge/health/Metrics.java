package io.plantroom.edge.health;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.plantroom.edge.outbox.RecordClass;
import io.plantroom.edge.poll.DeviceStatus;
import io.plantroom.edge.uplink.LaneCounters;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The agent's figures. They are read when asked for; nothing is counted twice. */
final class Metrics {
  private final MeterRegistry registry;
  private final AgentView agent;

  private Metrics(MeterRegistry registry, AgentView agent) {
    this.registry = registry;
    this.agent = agent;
  }

  static void bind(MeterRegistry registry, AgentView agent) {
    Metrics m = new Metrics(registry, agent);
    m.counter("plantroom.edge.samples.read", "Values read", AgentView::samplesRead);
    m.counter("plantroom.edge.samples.told", "Samples put into the outbox", AgentView::samplesTold);
    m.gauge("plantroom.edge.alarms.raised", "Alarms raised now", AgentView::alarmsRaised);
    m.gauge("plantroom.edge.uplink.up", "1 while connected", a -> a.uplinkDown() == null ? 1 : 0);
    for (RecordClass type : RecordClass.values()) {
      m.queue(type);
    }
    for (int i = 0; i < agent.devices().size(); i++) {
      m.device(i);
    }
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

  private void device(int i) {
    List<DeviceStatus> all = agent.devices();
    String[] tags = {"device", all.get(i).device().key()};
    gauge("plantroom.edge.device.online", "1 online", a -> at(a, i).online() ? 1 : 0, tags);
    counter("plantroom.edge.polls", "Tries", a -> at(a, i).polls(), tags);
    counter("plantroom.edge.misses", "Tries without answer", a -> at(a, i).misses(), tags);
    gauge(
        "plantroom.edge.late",
        "1 while slower than its period",
        a -> at(a, i).late() ? 1 : 0,
        tags);
    counter("plantroom.edge.overruns", "Periods left out", a -> at(a, i).overruns(), tags);
  }

  private static DeviceStatus at(AgentView agent, int i) {
    return agent.devices().get(i);
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
