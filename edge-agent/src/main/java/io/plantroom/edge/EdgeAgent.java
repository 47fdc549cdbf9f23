package io.plantroom.edge;

import io.plantroom.edge.alarm.AlarmWatch;
import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.config.EdgeConfig;
import io.plantroom.edge.driver.DriverFactory;
import io.plantroom.edge.health.AgentView;
import io.plantroom.edge.outbox.ChronicleOutbox;
import io.plantroom.edge.outbox.Outbox;
import io.plantroom.edge.outbox.OutboxException;
import io.plantroom.edge.outbox.RecordCodec;
import io.plantroom.edge.poll.ClockTrust;
import io.plantroom.edge.poll.DeviceStatus;
import io.plantroom.edge.poll.PollEngine;
import io.plantroom.edge.uplink.LaneCounters;
import io.plantroom.edge.uplink.Uplink;
import io.plantroom.edge.uplink.Uplinks;
import io.plantroom.telemetry.Lane;
import io.plantroom.telemetry.Sample;
import io.plantroom.wire.Event;
import io.plantroom.wire.GatewayStatus;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All parts of the agent, joined. Devices → alarms and outbox → hub. */
public final class EdgeAgent implements AgentView, AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(EdgeAgent.class);

  private final EdgeConfig config;
  private final ClockTrust trust;
  private final InstantSource clock;
  private final Map<String, DriverFactory> drivers;
  private final Outbox<Event> events;
  private final Outbox<Sample> telemetry;
  private final AlarmWatch alarms;
  private final AgentSink sink;
  private final PollEngine engine;
  private final @Nullable Uplink uplink;

  /**
   * Opens the outboxes; nothing is read or sent before {@link #start()}.
   *
   * @param fatal called when an outbox cannot be trusted any more and the process should end
   * @throws OutboxException when an outbox cannot be opened
   */
  public EdgeAgent(EdgeConfig config, InstantSource clock, Consumer<OutboxException> fatal) {
    this.config = config;
    this.clock = clock;
    trust = ClockTrust.ofThisMachine(clock);
    drivers = Drivers.all(config.data(), clock);
    // An alarm is on the disk before anything else happens; telemetry may wait for its group.
    events =
        ChronicleOutbox.open(
            config.data().resolve("outbox/events"),
            RecordCodec.EVENTS,
            ChronicleOutbox.settings(Duration.ZERO));
    telemetry =
        ChronicleOutbox.open(
            config.data().resolve("outbox/telemetry"),
            RecordCodec.TELEMETRY,
            ChronicleOutbox.settings(config.outbox().flushOrDefault()));
    alarms =
        new AlarmWatch(
            config.devices(), config.data().resolve("alarms.json"), events::append, clock);
    sink = new AgentSink(events, telemetry, alarms, fatal);
    engine = new PollEngine(config.devices(), drivers, sink, clock, trust, config.heartbeat());
    uplink =
        config.uplink() == null
            ? null
            : Uplinks.mqtt(
                config.gateway(),
                config.uplink(),
                events,
                telemetry,
                status(false),
                () -> status(true));
  }

  /** Begins to read and to send. */
  public void start() {
    events.append(
        List.of(
            new Event.Inventory(
                clock.instant(),
                trust.trusted(),
                Version.TEXT,
                config.devices().stream().map(DeviceConfig::describe).toList())));
    config.problems().forEach(p -> LOGGER.atWarn().addKeyValue("error", p).log("left out"));
    if (uplink != null) {
      uplink.start();
    }
    engine.start();
    LOGGER
        .atInfo()
        .addKeyValue("gateway", config.gateway())
        .addKeyValue("devices", config.devices().size())
        .addKeyValue("backlog", events.backlog() + telemetry.backlog())
        .log("agent runs");
  }

  private GatewayStatus status(boolean online) {
    List<DeviceStatus> devices = engine.devices();
    return new GatewayStatus(
        clock.instant(),
        online,
        Version.TEXT,
        trust.trusted(),
        events.backlog(),
        telemetry.backlog(),
        devices.size(),
        (int) devices.stream().filter(DeviceStatus::online).count());
  }

  @Override
  public GatewayStatus gateway() {
    return status(true);
  }

  @Override
  public List<DeviceStatus> devices() {
    return engine.devices();
  }

  @Override
  public List<String> problems() {
    return config.problems();
  }

  @Override
  public Outbox<?> outbox(Lane lane) {
    return switch (lane) {
      case EVENTS -> events;
      case TELEMETRY -> telemetry;
    };
  }

  @Override
  public @Nullable LaneCounters counters(Lane lane) {
    return uplink == null ? null : uplink.counters(lane);
  }

  @Override
  public @Nullable String uplinkDown() {
    return uplink == null ? "no uplink is configured" : uplink.down();
  }

  @Override
  public long samplesRead() {
    return sink.samplesRead();
  }

  @Override
  public long samplesTold() {
    return sink.samplesTold();
  }

  @Override
  public int alarmsRaised() {
    return alarms.raised();
  }

  /** Stops reading, puts everything on the disk, says good-bye to the hub. */
  @Override
  public void close() {
    engine.close();
    if (uplink != null) {
      uplink.close();
    }
    drivers.values().stream().distinct().forEach(DriverFactory::close);
    telemetry.close();
    events.close();
    LOGGER.atInfo().addKeyValue("gateway", config.gateway()).log("agent ended");
  }
}
