package io.plantroom.edge;

import io.plantroom.edge.alarm.AlarmWatch;
import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.outbox.Outbox;
import io.plantroom.edge.outbox.OutboxException;
import io.plantroom.edge.poll.PollSink;
import io.plantroom.telemetry.Sample;
import io.plantroom.wire.Event;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** What the engine finds goes to the lane it belongs to, alarms first. */
final class AgentSink implements PollSink {
  private final Outbox<Event> events;
  private final Outbox<Sample> telemetry;
  private final AlarmWatch alarms;
  private final Consumer<OutboxException> fatal;
  private final LongAdder read = new LongAdder();
  private final LongAdder told = new LongAdder();

  /**
   * A sink.
   *
   * @param fatal called when an outbox cannot be trusted any more
   */
  AgentSink(
      Outbox<Event> events,
      Outbox<Sample> telemetry,
      AlarmWatch alarms,
      Consumer<OutboxException> fatal) {
    this.events = events;
    this.telemetry = telemetry;
    this.alarms = alarms;
    this.fatal = fatal;
  }

  @Override
  public void onRead(DeviceConfig device, List<Sample> samples) {
    read.add(samples.size());
    guarded(() -> alarms.judge(device, samples));
  }

  @Override
  public void onReport(List<Sample> samples) {
    told.add(samples.size());
    guarded(() -> telemetry.append(samples));
  }

  @Override
  public void onLink(Event.LinkChange change) {
    guarded(() -> events.append(List.of(change)));
  }

  long samplesRead() {
    return read.sum();
  }

  long samplesTold() {
    return told.sum();
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (OutboxException e) {
      fatal.accept(e);
      throw e;
    }
  }
}
