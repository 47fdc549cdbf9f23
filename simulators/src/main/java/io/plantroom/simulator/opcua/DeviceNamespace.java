package io.plantroom.simulator.opcua;

import io.plantroom.profile.Point;
import io.plantroom.profile.Quantity;
import io.plantroom.simulator.device.Answering;
import io.plantroom.simulator.device.Device;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.milo.opcua.sdk.core.Reference;
import org.eclipse.milo.opcua.sdk.server.ManagedNamespaceWithLifecycle;
import org.eclipse.milo.opcua.sdk.server.OpcUaServer;
import org.eclipse.milo.opcua.sdk.server.items.DataItem;
import org.eclipse.milo.opcua.sdk.server.items.MonitoredItem;
import org.eclipse.milo.opcua.sdk.server.nodes.UaFolderNode;
import org.eclipse.milo.opcua.sdk.server.nodes.UaVariableNode;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.enumerated.TimestampsToReturn;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadValueId;
import org.eclipse.milo.opcua.stack.core.types.structured.WriteValue;
import org.jspecify.annotations.Nullable;

/**
 * Namespace 2: the nodes of all devices. Values are taken from the device when they are read, and
 * every half second for those that somebody subscribed to.
 */
final class DeviceNamespace extends ManagedNamespaceWithLifecycle {
  private static final String URI = "urn:plantroom:simulator:devices";
  private static final long SAMPLE_MILLIS = 500;
  private static final long HANG_CHECK_MILLIS = 200;
  private static final long LONGEST_HANG_MILLIS = 120_000;

  private final Map<NodeId, DeviceNode> nodes = new HashMap<>();
  private final Set<DataItem> subscribed = ConcurrentHashMap.newKeySet();
  private final Object reading = new Object();
  private final CountDownLatch closing = new CountDownLatch(1);
  private @Nullable ScheduledFuture<?> sampling;

  DeviceNamespace(OpcUaServer server, Collection<? extends Device> devices) {
    super(server, URI);
    getLifecycleManager()
        .addStartupTask(
            () -> {
              devices.forEach(this::add);
              sampling =
                  server
                      .getScheduledExecutorService()
                      .scheduleWithFixedDelay(
                          this::sample, SAMPLE_MILLIS, SAMPLE_MILLIS, TimeUnit.MILLISECONDS);
            });
    getLifecycleManager().addShutdownTask(this::release);
  }

  /**
   * Refuses node ids that cannot be.
   *
   * @throws IOException when one is no node id of namespace 2, or two devices want the same
   */
  static void check(Collection<? extends Device> devices) throws IOException {
    Map<NodeId, String> taken = new HashMap<>();
    for (Device device : devices) {
      for (Point point : device.profile().points()) {
        if (point.opcUa() == null) {
          continue;
        }
        String text = point.opcUa().node().replace("{device}", device.key());
        String who = "device '" + device.key() + "', point '" + point.name() + "': ";
        NodeId id = NodeId.parseOrNull(text);
        if (id == null || id.getNamespaceIndex().intValue() != 2) {
          throw new IOException(who + "'" + text + "' is no node id of namespace 2");
        }
        String other = taken.put(id, device.key());
        if (other != null) {
          throw new IOException(who + "node '" + text + "' is one of '" + other + "' already");
        }
      }
    }
  }

  /** Ends sampling, and lets those who wait for a hanging device go. */
  void release() {
    closing.countDown();
    if (sampling != null) {
      sampling.cancel(false);
    }
  }

  @Override
  public List<DataValue> read(
      ReadContext context,
      Double maxAge,
      TimestampsToReturn timestamps,
      List<ReadValueId> readValueIds) {
    Map<Device, Device.Moment> moments = new HashMap<>();
    Map<DeviceNode, Device.Moment> asked = new HashMap<>();
    for (ReadValueId id : readValueIds) {
      DeviceNode node = nodes.get(id.getNodeId());
      if (node != null && AttributeId.Value.uid().equals(id.getAttributeId())) {
        asked.put(node, moments.computeIfAbsent(node.device(), this::moment));
      }
    }
    // The nodes are everybody's: two callers at once must not be told each other's moment.
    synchronized (reading) {
      asked.forEach(DeviceNode::refresh);
      return super.read(context, maxAge, timestamps, readValueIds);
    }
  }

  /** Points that the model calls writable can be set; others are only read. */
  @Override
  public List<StatusCode> write(WriteContext context, List<WriteValue> values) {
    return values.stream().map(this::write).toList();
  }

  private StatusCode write(WriteValue wanted) {
    DeviceNode node = nodes.get(wanted.getNodeId());
    if (node == null) {
      return new StatusCode(StatusCodes.Bad_NodeIdUnknown);
    }
    if (!AttributeId.Value.uid().equals(wanted.getAttributeId())
        || node.point().writable() == null) {
      return new StatusCode(StatusCodes.Bad_NotWritable);
    }
    // It takes as long as an answer does.
    var unused = moment(node.device());
    return node.write(wanted.getValue());
  }

  @Override
  public void onDataItemsCreated(List<DataItem> items) {
    subscribed.addAll(items);
    sample(new HashSet<>(items));
  }

  @Override
  public void onDataItemsModified(List<DataItem> items) {}

  @Override
  public void onDataItemsDeleted(List<DataItem> items) {
    items.forEach(subscribed::remove);
  }

  @Override
  public void onMonitoringModeChanged(List<MonitoredItem> items) {}

  /** The device's word, after as long as the device takes for it. */
  private Device.Moment moment(Device device) {
    try {
      if (device.answering() == Answering.SLOW) {
        closing.await(Answering.SLOW_MILLIS, TimeUnit.MILLISECONDS);
      }
      long waited = 0;
      while (device.answering() == Answering.HANG
          && waited < LONGEST_HANG_MILLIS
          && !closing.await(HANG_CHECK_MILLIS, TimeUnit.MILLISECONDS)) {
        waited += HANG_CHECK_MILLIS;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return device.asked();
  }

  private void sample() {
    sample(subscribed);
  }

  /** Tells what changed; of a hanging device nothing is heard. */
  private void sample(Set<DataItem> items) {
    Map<Device, Device.Moment> moments = new HashMap<>();
    for (DataItem item : items) {
      DeviceNode node = nodes.get(item.getReadValueId().getNodeId());
      if (node == null || !AttributeId.Value.uid().equals(item.getReadValueId().getAttributeId())) {
        continue;
      }
      if (item.isSamplingEnabled() && node.device().answering() != Answering.HANG) {
        Device.Moment moment = moments.computeIfAbsent(node.device(), Device::now);
        DataValue value;
        synchronized (reading) {
          value = node.refresh(moment);
        }
        item.setValue(value);
      }
    }
  }

  private void add(Device device) {
    UaFolderNode folder =
        new UaFolderNode(
            getNodeContext(),
            newNodeId(device.key()),
            newQualifiedName(device.key()),
            new LocalizedText("zh", device.profile().name().zh()));
    getNodeManager().addNode(folder);
    folder.addReference(
        new Reference(
            folder.getNodeId(), NodeIds.Organizes, NodeIds.ObjectsFolder.expanded(), false));
    Device.Moment moment = device.now();
    for (Point point : device.profile().points()) {
      Optional<Quantity> first = moment.of(point);
      if (point.opcUa() != null && first.isPresent()) {
        add(device, point, point.opcUa().node(), first.get(), folder);
      }
    }
  }

  private void add(Device device, Point point, String id, Quantity first, UaFolderNode folder) {
    boolean whole = DeviceNode.isWhole(point, first);
    UaVariableNode variable =
        new UaVariableNode.UaVariableNodeBuilder(getNodeContext())
            .setNodeId(NodeId.parse(id.replace("{device}", device.key())))
            .setBrowseName(newQualifiedName(point.name()))
            .setDisplayName(new LocalizedText("zh", point.title().zh()))
            .setDataType(DeviceNode.type(point, whole))
            .setAccessLevel(DeviceNode.access(point))
            .setUserAccessLevel(DeviceNode.access(point))
            .setTypeDefinition(NodeIds.BaseDataVariableType)
            .build();
    DeviceNode node = new DeviceNode(device, point, variable, whole);
    node.refresh(device.now());
    getNodeManager().addNode(variable);
    folder.addOrganizes(variable);
    nodes.put(variable.getNodeId(), node);
  }
}
