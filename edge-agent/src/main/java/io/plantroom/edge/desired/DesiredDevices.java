package io.plantroom.edge.desired;

import io.plantroom.device.DeviceDocument;
import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.config.EdgeConfig;
import io.plantroom.edge.desired.DesiredMemory.State;
import io.plantroom.edge.poll.ClockTrust;
import io.plantroom.edge.poll.DeviceStatus;
import io.plantroom.steps.Steps;
import io.plantroom.wire.DesiredConfiguration;
import io.plantroom.wire.Event;
import io.plantroom.wire.Event.ConfigurationOutcome;
import io.plantroom.wire.JsonWire;
import io.plantroom.wire.WireException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the devices that are asked to what the hub desires. The local file is the base: an entry
 * of the hub stands in place of the local one with its key, {@code without} takes local ones out,
 * all others stay. A text with any mistake changes nothing. See docs/decisions/008.
 *
 * <p>All of it happens on one thread of its own, so neither uplink nor buses wait for it.
 */
public final class DesiredDevices implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(DesiredDevices.class);
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** An agent that ends in the middle of a trial so often was ended by it. */
  private static final int MOST_TRIES = 2;

  private final EdgeConfig config;
  private final Consumer<Event> tell;
  private final InstantSource clock;
  private final ClockTrust trust;
  private final DesiredMemory memory;
  private final Steps steps =
      new Steps(
          "desired",
          e -> LOGGER.atError().setCause(e).log("desired configuration cannot be handled now"));
  private final List<String> problems;
  private volatile List<DeviceConfig> good;
  private volatile @Nullable String running;
  private volatile @Nullable Trial trial;
  private @Nullable DesiredConfiguration next;
  private @Nullable RunningDevices devices;

  /**
   * How it stands.
   *
   * @param running version of the hub's configuration that holds, null for none
   * @param trying version that is on trial now
   * @param outcome what became of the newest one before
   */
  public record Standing(
      @Nullable String running,
      @Nullable String trying,
      @Nullable ConfigurationOutcome outcome,
      List<String> problems) {}

  /**
   * Reads what was good last; nothing is asked yet.
   *
   * @param tell takes what became of a configuration; when it returns, that is safe
   */
  public DesiredDevices(
      EdgeConfig config, Consumer<Event> tell, InstantSource clock, ClockTrust trust) {
    this.config = config;
    this.tell = tell;
    this.clock = clock;
    this.trust = trust;
    memory = new DesiredMemory(config.data().resolve("desired"));
    Beginning beginning = beginning(config);
    good = beginning.devices();
    problems = beginning.problems();
    running = beginning.running();
  }

  /**
   * The devices with which an agent begins.
   *
   * @param running version of the hub's part, null when there is none
   * @param problems what is wrong with that part since it was good
   */
  public record Beginning(
      List<DeviceConfig> devices, @Nullable String running, List<String> problems) {}

  /** What an agent would begin with; reads the disk and asks nobody. */
  public static Beginning beginning(EdgeConfig config) {
    String text =
        config.desired().accepted() ? DesiredMemory.good(config.data().resolve("desired")) : null;
    if (text == null) {
      return new Beginning(config.devices(), null, List.of());
    }
    // It was good once; if a profile has gone since, the rest of it is still better than nothing.
    DeviceDocument document = DeviceDocument.parse("desired/good.yaml", text, config.catalog());
    return new Beginning(
        merged(config, document), DesiredConfiguration.versionOf(text), document.problems());
  }

  /** Those to begin with. */
  public List<DeviceConfig> devices() {
    return good;
  }

  /** What is wrong with the last good configuration since it was good. */
  public List<String> problems() {
    return problems;
  }

  public Standing standing() {
    Trial now = trial;
    State s = memory.state();
    return new Standing(
        running, now == null ? null : now.configuration().version(), s.outcome(), s.problems());
  }

  /** From now on what was heard is acted on. */
  public void start(RunningDevices those) {
    devices = those;
    steps.every(LOOK, this::look);
  }

  /** What came from the hub. Never blocks, may be called from any thread. */
  public void heard(byte[] payload) {
    try {
      DesiredConfiguration desired = JsonWire.desired(payload);
      steps.now(() -> heard(desired));
    } catch (WireException e) {
      LOGGER.atWarn().addKeyValue("error", e.getMessage()).log("desired configuration not heard");
    }
  }

  private void heard(DesiredConfiguration desired) {
    Trial now = trial;
    long newest = memory.state().revision();
    if (now != null) {
      newest = Math.max(newest, now.configuration().revision());
    }
    if (next != null) {
      newest = Math.max(newest, next.revision());
    }
    if (desired.revision() > newest) {
      next = desired;
      look();
    }
  }

  /** One step: what is on trial is judged; then comes what was heard meanwhile. */
  private void look() {
    if (!memory.state().told()) {
      tell();
    }
    RunningDevices asked = Objects.requireNonNull(devices);
    Trial now = trial;
    if (now != null) {
      List<DeviceStatus> found = asked.devices();
      switch (now.verdict(found, System.nanoTime())) {
        case OPEN -> {
          return;
        }
        case STANDS -> keep(now, asked, now.silent(found));
        case FAILED -> takeBack(now, asked, now.silent(found));
      }
    }
    DesiredConfiguration coming = next;
    if (coming != null) {
      begin(coming, asked);
      next = null;
    }
  }

  private void begin(DesiredConfiguration desired, RunningDevices asked) {
    if (!config.desired().accepted()) {
      ended(desired, ConfigurationOutcome.REFUSED, List.of("desired: accept is false here"));
      return;
    }
    String name = "desired-" + desired.version().substring(0, 12) + ".yaml";
    DeviceDocument document = DeviceDocument.parse(name, desired.text(), config.catalog());
    if (!document.problems().isEmpty()) {
      ended(desired, ConfigurationOutcome.INVALID, document.problems());
      return;
    }
    memory.state(memory.state().onTrial(desired.revision()));
    if (memory.state().tries() > MOST_TRIES) {
      String reason = "the agent ended " + MOST_TRIES + " times while it tried this";
      ended(desired, ConfigurationOutcome.ROLLED_BACK, List.of(reason));
      return;
    }
    List<DeviceConfig> target = merged(config, document);
    Trial begun =
        new Trial(
            desired, target, asked.devices(), config.desired().probation(), System.nanoTime());
    LOGGER.atInfo().addKeyValue("version", desired.version()).log("configuration on trial");
    try {
      asked.change(target);
    } catch (RuntimeException e) {
      ended(desired, ConfigurationOutcome.ROLLED_BACK, List.of(String.valueOf(e.getMessage())));
      return;
    }
    trial = begun;
  }

  private void keep(Trial stands, RunningDevices asked, List<String> remarks) {
    memory.good(stands.configuration());
    asked.settle(stands.devices());
    good = stands.devices();
    running = stands.configuration().version();
    trial = null;
    ended(stands.configuration(), ConfigurationOutcome.APPLIED, remarks);
  }

  private void takeBack(Trial failed, RunningDevices asked, List<String> reasons) {
    asked.change(good);
    asked.settle(good);
    trial = null;
    ended(failed.configuration(), ConfigurationOutcome.ROLLED_BACK, reasons);
  }

  private void ended(DesiredConfiguration what, ConfigurationOutcome outcome, List<String> why) {
    memory.state(
        new State(what.revision(), what.version(), outcome, List.copyOf(why), false, 0, 0));
    LOGGER
        .atInfo()
        .addKeyValue("version", what.version())
        .addKeyValue("outcome", outcome)
        .addKeyValue("error", why.isEmpty() ? null : why.get(0))
        .log("configuration judged");
    tell();
  }

  private void tell() {
    State s = memory.state();
    if (s.outcome() != null) {
      tell.accept(
          new Event.ConfigurationReport(
              clock.instant(),
              trust.trusted(),
              s.revision(),
              s.version(),
              s.outcome(),
              s.problems(),
              running));
    }
    memory.state(s.wasTold());
  }

  private static List<DeviceConfig> merged(EdgeConfig config, DeviceDocument document) {
    Map<String, DeviceConfig> all = new LinkedHashMap<>();
    config.devices().forEach(d -> all.put(d.key(), d));
    document.without().forEach(all::remove);
    document.devices().forEach(d -> all.put(d.key(), DeviceConfig.of(d, config.folder())));
    return new ArrayList<>(all.values());
  }

  @Override
  public void close() {
    // A step under way must not touch what is closed after this.
    steps.end(PATIENCE);
  }
}
