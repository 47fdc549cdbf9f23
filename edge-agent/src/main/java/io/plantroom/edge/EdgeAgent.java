package io.plantroom.edge;

import io.plantroom.edge.alarm.AlarmWatch;
import io.plantroom.edge.clock.ClockWatch;
import io.plantroom.edge.command.Field;
import io.plantroom.edge.command.FieldCommands;
import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.config.EdgeConfig;
import io.plantroom.edge.desired.DesiredDevices;
import io.plantroom.edge.desired.RunningDevices;
import io.plantroom.edge.driver.DriverFactory;
import io.plantroom.edge.health.AgentView;
import io.plantroom.edge.outbox.Outbox;
import io.plantroom.edge.outbox.OutboxException;
import io.plantroom.edge.outbox.OutboxFullException;
import io.plantroom.edge.outbox.Outboxes;
import io.plantroom.edge.outbox.RecordClass;
import io.plantroom.edge.poll.DeviceStatus;
import io.plantroom.edge.poll.Errand;
import io.plantroom.edge.poll.PollEngine;
import io.plantroom.edge.uplink.LaneCounters;
import io.plantroom.edge.uplink.LiveCopy;
import io.plantroom.edge.uplink.Uplink;
import io.plantroom.edge.uplink.Uplinks;
import io.plantroom.telemetry.Lane;
import io.plantroom.telemetry.Sample;
import io.plantroom.wire.Event;
import io.plantroom.wire.GatewayStatus;
import io.plantroom.wire.Topics;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All parts of the agent, joined. Devices → alarms and outbox → hub. */
public final class EdgeAgent implements AgentView, AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(EdgeAgent.class);

  private final EdgeConfig config;
  private final DesiredDevices desired;
  private final ClockWatch trust;
  private final InstantSource clock;
  private final Map<String, DriverFactory> drivers;
  private final Outboxes outboxes;
  private final AlarmWatch alarms;
  private final AgentSink sink;
  private final PollEngine engine;
  private final FieldCommands commands;
  private final @Nullable Uplink uplink;
  private final LossTeller losses;
  private final ScheduledThreadPoolExecutor keeper =
      new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "keeper"));
  private volatile Set<String> billed;
  private volatile boolean inventoryTold;
  private boolean keeping = true;

  /**
   * Opens the outboxes; nothing is read or sent before {@link #start()}.
   *
   * @param fatal called when an outbox cannot be trusted any more and the process should end
   * @throws OutboxException when an outbox cannot be opened
   * @throws OutboxFullException when that is for want of room on the disk
   */
  public EdgeAgent(EdgeConfig config, InstantSource clock, Consumer<OutboxException> fatal) {
    this.config = config;
    this.clock = clock;
    trust = ClockWatch.ofThisMachine(clock);
    drivers = Drivers.all(config.data(), clock);
    outboxes =
        Outboxes.open(
            config.data().resolve("outbox"),
            config.outbox().flushOrDefault(),
            config.outbox().quotaBytes(),
            config.outbox().reserveBytes());
    losses = new LossTeller(outboxes, clock, trust);
    desired = new DesiredDevices(config, e -> outboxes.events().append(List.of(e)), clock, trust);
    List<DeviceConfig> devices = desired.devices();
    billed = billed(devices);
    alarms =
        new AlarmWatch(
            devices, config.data().resolve("alarms.json"), outboxes.events()::append, clock);
    LiveCopy live = new LiveCopy();
    sink = new AgentSink(outboxes, this::isBilled, live, alarms, fatal);
    engine = new PollEngine(devices, drivers, sink, clock, trust, config.heartbeat());
    commands =
        new FieldCommands(
            config.commands(),
            config.data().resolve("commands"),
            new Polled(),
            e -> outboxes.events().append(List.of(e)),
            clock,
            trust);
    uplink =
        config.uplink() == null
            ? null
            : Uplinks.mqtt(
                config.gateway(),
                config.uplink(),
                outboxes,
                live,
                trust,
                status(false),
                () -> status(true));
    if (uplink != null) {
      uplink.hear(Topics.desired(config.gateway()), desired::heard);
      uplink.hear(Topics.commands(config.gateway()), commands::heard);
    }
  }

  /** Begins to read and to send. */
  public void start() {
    keep();
    var unused = keeper.scheduleWithFixedDelay(this::keep, 1, 1, TimeUnit.SECONDS);
    problems().forEach(p -> LOGGER.atWarn().addKeyValue("error", p).log("left out"));
    if (uplink != null) {
      uplink.start();
    }
    engine.start();
    desired.start(new Asked());
    commands.start();
    LOGGER
        .atInfo()
        .addKeyValue("gateway", config.gateway())
        .addKeyValue("devices", engine.devices().size())
        .addKeyValue("backlog", backlog(Lane.EVENTS) + backlog(Lane.TELEMETRY))
        .log("agent runs");
  }

  /** Which samples are of registers that a profile bills. */
  private boolean isBilled(Sample sample) {
    return billed.contains(sample.device() + "/" + sample.point());
  }

  private static Set<String> billed(List<DeviceConfig> devices) {
    Set<String> points = new HashSet<>();
    for (DeviceConfig d : devices) {
      d.profile().billing().forEach(b -> points.add(d.key() + "/" + b.point()));
    }
    return points;
  }

  /** What is to be done now and then, and again when it fails, for instance on a full disk. */
  private void keep() {
    try {
      // Asked also when nothing is read, so that a jump is seen when it happens.
      var unused = trust.trusted();
      outboxes.tend();
      alarms.settle();
      if (!inventoryTold) {
        outboxes.events().append(List.of(inventory()));
        inventoryTold = true;
      }
      losses.tell();
      keeping = true;
    } catch (RuntimeException e) {
      if (keeping) {
        LOGGER.atError().setCause(e).log("the hub cannot be told now, it is tried again");
      }
      keeping = false;
    }
  }

  private Event inventory() {
    return new Event.Inventory(
        clock.instant(),
        trust.trusted(),
        Version.TEXT,
        engine.devices().stream().map(s -> describe(s.device())).toList());
  }

  private Event.Device describe(DeviceConfig device) {
    Event.Device d = device.describe(config.heartbeat());
    List<String> writable = FieldCommands.writable(config.commands(), device);
    return new Event.Device(
        d.key(),
        d.profile(),
        d.name(),
        d.location(),
        d.endpoint(),
        d.serial(),
        d.reporting(),
        writable.isEmpty() ? null : writable);
  }

  private long backlog(Lane lane) {
    return Stream.of(RecordClass.values())
        .filter(c -> c.lane() == lane)
        .mapToLong(c -> outboxes.of(c).backlog())
        .sum();
  }

  private GatewayStatus status(boolean online) {
    List<DeviceStatus> devices = engine.devices();
    return new GatewayStatus(
        clock.instant(),
        online,
        Version.TEXT,
        trust.trusted(),
        backlog(Lane.EVENTS),
        backlog(Lane.TELEMETRY),
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
    return Stream.concat(config.problems().stream(), desired.problems().stream()).toList();
  }

  @Override
  public Outbox<?> outbox(RecordClass type) {
    return outboxes.of(type);
  }

  @Override
  public @Nullable LaneCounters counters(RecordClass type) {
    return uplink == null ? null : uplink.counters(type);
  }

  @Override
  public @Nullable String uplinkDown() {
    return uplink == null ? "no uplink is configured" : uplink.down();
  }

  @Override
  public @Nullable String uplinkWarning() {
    return uplink == null ? null : uplink.warning();
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

  @Override
  public DesiredDevices.Standing desired() {
    return desired.standing();
  }

  @Override
  public Map<String, Sample> values(String device) {
    return sink.newest(device);
  }

  @Override
  public List<AlarmWatch.Standing> alarms() {
    return alarms.standing();
  }

  @Override
  public FieldCommands.Standing commands() {
    return commands.standing();
  }

  /** As if the hub had sent it. */
  void command(byte[] command) {
    commands.heard(command);
  }

  /** As if the hub had sent it. */
  void desire(byte[] configuration) {
    desired.heard(configuration);
  }

  /** The devices as commands see them. */
  private final class Polled implements Field {
    @Override
    public Optional<DeviceConfig> device(String key) {
      return engine.devices().stream()
          .map(DeviceStatus::device)
          .filter(d -> d.key().equals(key))
          .findFirst();
    }

    @Override
    public <T> CompletableFuture<T> during(String device, Errand<T> errand) {
      return engine.during(device, errand);
    }
  }

  /** What changes with the devices that are asked. */
  private final class Asked implements RunningDevices {
    @Override
    public List<DeviceStatus> devices() {
      return engine.devices();
    }

    @Override
    public void change(List<DeviceConfig> devices) {
      // First what judges and sorts: the first sample of a new device may come at once.
      billed = billed(devices);
      alarms.watch(devices);
      engine.change(devices);
    }

    @Override
    public void settle(List<DeviceConfig> devices) {
      alarms.retain(devices);
      sink.retain(devices.stream().map(DeviceConfig::key).collect(Collectors.toSet()));
      inventoryTold = false;
    }
  }

  /** Stops reading, puts everything on the disk, says good-bye to the hub. */
  @Override
  public void close() {
    desired.close();
    engine.close();
    commands.close();
    if (uplink != null) {
      uplink.close();
    }
    drivers.values().stream().distinct().forEach(DriverFactory::close);
    // Not interrupted: that would close the files of the outbox under it.
    keeper.shutdown();
    try {
      var unused = keeper.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    outboxes.close();
    LOGGER.atInfo().addKeyValue("gateway", config.gateway()).log("agent ended");
  }
}
