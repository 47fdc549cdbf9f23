package io.plantroom.edge.page;

import io.plantroom.edge.desired.DesiredDevices;
import io.plantroom.edge.health.AgentView;
import io.plantroom.edge.health.ManagementServer;
import io.plantroom.edge.outbox.RecordClass;
import io.plantroom.edge.poll.DeviceStatus;
import io.plantroom.edge.poll.LinkState;
import io.plantroom.profile.AlarmCondition;
import io.plantroom.profile.LocalText;
import io.plantroom.profile.Point;
import io.plantroom.profile.StateText;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import io.plantroom.wire.Event;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that the page shows, as JSON. May wait for the disk. */
final class PageState {
  private final AgentView agent;
  private final String gateway;
  private final Path data;

  PageState(AgentView agent, String gateway, Path data) {
    this.agent = agent;
    this.gateway = gateway;
    this.data = data;
  }

  JsonObject json() {
    Map<String, DeviceStatus> byKey = new HashMap<>();
    JsonArray devices = new JsonArray();
    for (DeviceStatus d : agent.devices()) {
      byKey.put(d.device().key(), d);
      devices.add(device(d));
    }
    JsonArray alarms = new JsonArray();
    agent.alarms().forEach(a -> alarms.add(alarm(a, byKey.get(a.device()))));
    JsonObject queues = new JsonObject();
    for (RecordClass type : RecordClass.values()) {
      queues.put(
          type.name().toLowerCase(Locale.ROOT),
          new JsonObject()
              .put("backlog", agent.outbox(type).backlog())
              .put("lost", agent.outbox(type).lost()));
    }
    DesiredDevices.Standing desired = agent.desired();
    return new JsonObject()
        .put("gateway", gateway)
        .put("version", agent.gateway().version())
        .put("at", agent.gateway().at().toString())
        .put("clockTrusted", agent.gateway().clockTrusted())
        .put("uplinkDown", agent.uplinkDown())
        .put("queues", queues)
        .put("disk", disk())
        .put(
            "configuration",
            new JsonObject()
                .put("running", desired.running())
                .put("trying", desired.trying())
                .put("outcome", desired.outcome() == null ? null : desired.outcome().name())
                .put("problems", new JsonArray(desired.problems())))
        .put("commands", ManagementServer.commands(agent.commands()))
        .put("problems", new JsonArray(agent.problems()))
        .put("alarms", alarms)
        .put("devices", devices);
  }

  private JsonObject disk() {
    try {
      FileStore store = Files.getFileStore(data);
      return new JsonObject()
          .put("free", store.getUsableSpace())
          .put("total", store.getTotalSpace());
    } catch (IOException e) {
      return new JsonObject().put("error", String.valueOf(e.getMessage()));
    }
  }

  private static JsonObject alarm(
      io.plantroom.edge.alarm.AlarmWatch.Standing a, @Nullable DeviceStatus device) {
    JsonObject json =
        new JsonObject()
            .put("device", a.device())
            .put("since", a.since().toString())
            .put("value", a.value())
            .put("title", new JsonObject().put("zh", a.alarm()).put("en", a.alarm()));
    if (device != null) {
      json.put("deviceName", local(device.device().name()));
      for (AlarmCondition c : device.device().profile().alarms()) {
        if (c.key().equals(a.alarm())) {
          json.put("title", local(c.title()))
              .put("priority", c.priority().name().toLowerCase(Locale.ROOT));
        }
      }
    }
    return json;
  }

  private JsonObject device(DeviceStatus d) {
    JsonArray points = new JsonArray();
    Map<String, Sample> values = agent.values(d.device().key());
    for (Point p : d.device().profile().points()) {
      Sample s = values.get(p.name());
      if (s != null) {
        points.add(point(p, s));
      }
    }
    return new JsonObject()
        .put("key", d.device().key())
        .put("name", local(d.device().name()))
        .put("endpoint", d.device().describe().endpoint())
        .put("online", d.online())
        .put("reason", d.link() instanceof LinkState.Offline off ? local(off.reason()) : null)
        .put("cause", d.online() ? null : cause(values))
        .put("lastAnswer", d.lastAnswer() == null ? null : d.lastAnswer().toString())
        .put("points", points);
  }

  /** Why a silent device is silent, in a word that the page can translate. */
  private static @Nullable String cause(Map<String, Sample> values) {
    for (Sample s : values.values()) {
      if (s.value() == null) {
        return s.cause().name().toLowerCase(Locale.ROOT);
      }
    }
    return null;
  }

  private static JsonObject point(Point p, Sample s) {
    JsonObject json =
        new JsonObject()
            .put("title", local(p.title()))
            .put("at", s.at().toString())
            .put("quality", s.quality().name().toLowerCase(Locale.ROOT))
            .put("unit", p.unit() == null || p.unit().equals("1") ? "" : p.unit());
    Value value = s.value();
    if (value instanceof Value.Analog a) {
      json.put("value", String.valueOf(a.value()));
    } else if (value instanceof Value.Counter c) {
      json.put("value", c.value().toPlainString());
    } else if (value instanceof Value.Text t) {
      json.put("value", t.text());
    } else if (value instanceof Value.State state) {
      json.put("value", String.valueOf(state.code()));
      for (StateText t : p.states()) {
        if (t.code() == state.code()) {
          json.put("text", local(t.title()));
        }
      }
    } else {
      json.put("cause", s.cause().name().toLowerCase(Locale.ROOT));
    }
    return json;
  }

  private static JsonObject local(LocalText text) {
    return new JsonObject().put("zh", text.zh()).put("en", text.en());
  }

  private static JsonObject local(Event.LocalName text) {
    return new JsonObject().put("zh", text.zh()).put("en", text.en());
  }
}
