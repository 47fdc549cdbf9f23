package io.plantroom.edge.driver.opcua;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.profile.AlarmCondition;
import io.plantroom.profile.Point;
import io.plantroom.profile.PointKind;
import io.plantroom.profile.Trigger;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaMonitoredItem;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned;
import org.eclipse.milo.opcua.stack.core.types.enumerated.DataChangeTrigger;
import org.eclipse.milo.opcua.stack.core.types.enumerated.DeadbandType;
import org.eclipse.milo.opcua.stack.core.types.structured.DataChangeFilter;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadValueId;
import org.jspecify.annotations.Nullable;

/** What a server is asked for a device's points. */
final class Items {
  /** Changes of a state between two publishings are all told, up to so many. */
  private static final int QUEUE = 10;

  private final DeviceConfig device;
  private final String name;
  private final Set<String> watched = new HashSet<>();

  Items(DeviceConfig device) {
    this.device = device;
    this.name = Objects.requireNonNullElse(device.parameter("device"), device.key());
    for (AlarmCondition alarm : device.profile().alarms()) {
      watch(alarm.when());
      watch(alarm.whilst());
    }
  }

  private void watch(@Nullable Trigger trigger) {
    if (trigger != null) {
      watched.add(trigger.point());
    }
  }

  ReadValueId node(Point point) {
    String node = Objects.requireNonNull(point.opcUa(), point.name()).node();
    return new ReadValueId(
        NodeId.parse(node.replace("{device}", name)),
        AttributeId.Value.uid(),
        null,
        QualifiedName.NULL_VALUE);
  }

  OpcUaMonitoredItem item(Point point, boolean filtered, Watch.Ear ear) {
    OpcUaMonitoredItem item = new OpcUaMonitoredItem(node(point));
    item.setUserObject(new Watch.Subject(point, ear));
    item.setSamplingInterval((double) device.every().toMillis() * point.scan().cycles());
    item.setQueueSize(Unsigned.uint(point.kind() == PointKind.STATE ? QUEUE : 1));
    item.setDiscardOldest(true);
    double deadband = filtered ? deadband(point) : 0;
    if (deadband > 0) {
      item.setFilter(
          new DataChangeFilter(
              DataChangeTrigger.StatusValue,
              Unsigned.uint(DeadbandType.Absolute.getValue()),
              deadband));
    }
    return item;
  }

  /**
   * In the server's unit; 0 for none. Alarm conditions must see a value cross their limit however
   * little it moved, so what they watch has none.
   */
  private double deadband(Point point) {
    if (point.kind() != PointKind.ANALOG || point.powerOfTwo() != 0) {
      return 0;
    }
    return watched.contains(point.name())
        ? 0
        : point.deadband().doubleValue() / Math.abs(point.scale().doubleValue());
  }

  /** Whether the server objects to the deadband and not to the node. */
  static boolean refusesFilter(StatusCode status) {
    long code = status.value();
    return code == StatusCodes.Bad_FilterNotAllowed
        || code == StatusCodes.Bad_MonitoredItemFilterUnsupported
        || code == StatusCodes.Bad_MonitoredItemFilterInvalid
        || code == StatusCodes.Bad_DeadbandFilterInvalid;
  }
}
