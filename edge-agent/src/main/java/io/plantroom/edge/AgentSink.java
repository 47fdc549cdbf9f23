package io.plantroom.edge;

import io.plantroom.edge.alarm.AlarmWatch;
import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.outbox.Outbox;
import io.plantroom.edge.outbox.OutboxException;
import io.plantroom.edge.outbox.OutboxFullException;
import io.plantroom.edge.outbox.Outboxes;
import io.plantroom.edge.poll.PollSink;
import io.plantroom.edge.uplink.LiveCopy;
import io.plantroom.telemetry.Sample;
import io.plantroom.wire.Event;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the engine finds goes to the lane it belongs to, alarms first. */
final class AgentSink implements PollSink {
  private static final Logger LOGGER = LoggerFactory.getLogger(AgentSink.class);

  private final Outboxes outboxes;
  private final Predicate<Sample> billed;
  private final LiveCopy live;
  private final AlarmWatch alarms;
  private final Consumer<OutboxException> fatal;
  private final ConcurrentHashMap<String, ConcurrentHashMap<String, Sample>> newest =
      new ConcurrentHashMap<>();
  private final LongAdder read = new LongAdder();
  private final LongAdder told = new LongAdder();

  /**
   * A sink.
   *
   * @param billed which samples are of a register that somebody pays for
   * @param fatal called when an outbox cannot be trusted any more
   */
  AgentSink(
      Outboxes outboxes,
      Predicate<Sample> billed,
      LiveCopy live,
      AlarmWatch alarms,
      Consumer<OutboxException> fatal) {
    this.outboxes = outboxes;
    this.billed = billed;
    this.live = live;
    this.alarms = alarms;
    this.fatal = fatal;
  }

  @Override
  public void onRead(DeviceConfig device, List<Sample> samples) {
    read.add(samples.size());
    Map<String, Sample> values =
        newest.computeIfAbsent(device.key(), k -> new ConcurrentHashMap<>());
    samples.forEach(s -> values.put(s.point(), s));
    try {
      guarded(() -> alarms.judge(device, samples));
    } catch (OutboxFullException e) {
      // The alarm waits in memory and is told when there is room; the samples must not wait for it.
      LOGGER.atDebug().setCause(e).log("an alarm waits for room on the disk");
    }
  }

  @Override
  public void onReport(List<Sample> samples) {
    told.add(samples.size());
    live.offer(samples);
    Map<Boolean, List<Sample>> parts = samples.stream().collect(Collectors.partitioningBy(billed));
    // Registers first: they may still find room where the rest does not.
    OutboxFullException full = null;
    try {
      guarded(() -> append(outboxes.registers(), parts.getOrDefault(true, List.of())));
    } catch (OutboxFullException e) {
      // What is not taken is counted by each outbox for itself, so the other is asked, too.
      full = e;
    }
    guarded(() -> append(outboxes.telemetry(), parts.getOrDefault(false, List.of())));
    if (full != null) {
      throw full;
    }
  }

  private static void append(Outbox<Sample> outbox, List<Sample> samples) {
    if (!samples.isEmpty()) {
      outbox.append(samples);
    }
  }

  @Override
  public void onLink(Event.LinkChange change) {
    guarded(() -> outboxes.events().append(List.of(change)));
  }

  /** The newest sample of each point of a device. */
  Map<String, Sample> newest(String device) {
    return Map.copyOf(newest.getOrDefault(device, new ConcurrentHashMap<>()));
  }

  /** Only these devices are still asked. */
  void retain(Set<String> devices) {
    newest.keySet().retainAll(devices);
  }

  long samplesRead() {
    return read.sum();
  }

  long samplesTold() {
    return told.sum();
  }

  private void guarded(Runnable task) {
    // A poll that was told to end hurries with what it has; interrupted, it would close the files.
    boolean interrupted = Thread.interrupted();
    try {
      task.run();
    } catch (OutboxException e) {
      fatal.accept(e);
      throw e;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
