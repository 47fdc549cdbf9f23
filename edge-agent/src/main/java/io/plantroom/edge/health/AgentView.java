package io.plantroom.edge.health;

import io.plantroom.edge.alarm.AlarmWatch;
import io.plantroom.edge.command.FieldCommands;
import io.plantroom.edge.desired.DesiredDevices;
import io.plantroom.edge.outbox.Outbox;
import io.plantroom.edge.outbox.RecordClass;
import io.plantroom.edge.poll.DeviceStatus;
import io.plantroom.edge.uplink.LaneCounters;
import io.plantroom.telemetry.Sample;
import io.plantroom.wire.GatewayStatus;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What can be seen of a running agent. Every method may be called from any thread. */
public interface AgentView {
  GatewayStatus gateway();

  List<DeviceStatus> devices();

  /** What is wrong with the configuration of devices that were left out. */
  List<String> problems();

  Outbox<?> outbox(RecordClass type);

  /** Null when there is no uplink. */
  @Nullable LaneCounters counters(RecordClass type);

  /** Why nothing goes to the hub, or null when it does. */
  @Nullable String uplinkDown();

  /** What is wrong with the way to the hub although it may be open, or null. */
  @Nullable String uplinkWarning();

  long samplesRead();

  long samplesTold();

  int alarmsRaised();

  List<AlarmWatch.Standing> alarms();

  /** The newest sample of each point of a device, as far as it was read since the start. */
  Map<String, Sample> values(String device);

  /** How it stands with what the hub desires. */
  DesiredDevices.Standing desired();

  /** What became of commands to the field since the start. */
  FieldCommands.Standing commands();
}
