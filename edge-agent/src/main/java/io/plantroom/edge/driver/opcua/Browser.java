package io.plantroom.edge.driver.opcua;

import io.plantroom.edge.driver.DriverException;
import io.plantroom.telemetry.Cause;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.milo.opcua.sdk.client.BrowseHelper;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExtensionObject;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned;
import org.eclipse.milo.opcua.stack.core.types.enumerated.BrowseDirection;
import org.eclipse.milo.opcua.stack.core.types.enumerated.BrowseResultMask;
import org.eclipse.milo.opcua.stack.core.types.enumerated.NodeClass;
import org.eclipse.milo.opcua.stack.core.types.enumerated.TimestampsToReturn;
import org.eclipse.milo.opcua.stack.core.types.structured.BrowseDescription;
import org.eclipse.milo.opcua.stack.core.types.structured.EUInformation;
import org.eclipse.milo.opcua.stack.core.types.structured.ReferenceDescription;
import org.jspecify.annotations.Nullable;

/**
 * Walks from the objects folder, or a node, to all variables below; what describes the server
 * itself is left out.
 */
final class Browser {
  private static final long PATIENCE_SECONDS = 20;
  private static final int AT_ONCE = 100;

  private final OpcUaClient client;
  private final int most;
  private int leftOut;
  private boolean cut;

  Browser(OpcUaClient client, int most) {
    this.client = client;
    this.most = most;
  }

  /**
   * A variable that could be a point.
   *
   * @param parent browse name of what it stands below
   * @param value what it holds now
   * @param unit as the server names it
   * @param states texts of an enumeration, by code
   */
  record Found(
      NodeId node,
      String parent,
      String name,
      String title,
      Object value,
      @Nullable String unit,
      List<String> states) {}

  private record Variable(NodeId node, String parent, String name, String title) {}

  int leftOut() {
    return leftOut;
  }

  boolean isCut() {
    return cut;
  }

  List<Found> below(@Nullable String start) throws DriverException {
    NodeId root = start == null ? NodeIds.ObjectsFolder : NodeId.parseOrNull(start);
    if (root == null) {
      throw new DriverException(Cause.NOT_AVAILABLE, "not a node id: " + start);
    }
    Map<NodeId, Variable> variables = new LinkedHashMap<>();
    Map<NodeId, Map<String, NodeId>> properties = new LinkedHashMap<>();
    Set<NodeId> seen = new HashSet<>(Set.of(root, NodeIds.Server));
    Deque<Map.Entry<NodeId, String>> open = new ArrayDeque<>();
    open.add(Map.entry(root, ""));
    while (!open.isEmpty() && !cut) {
      Map.Entry<NodeId, String> at = open.remove();
      for (ReferenceDescription child : children(at.getKey())) {
        NodeId id = child.getNodeId().toNodeId(client.getNamespaceTable()).orElse(null);
        String name = Objects.requireNonNullElse(child.getBrowseName().name(), "");
        if (id == null) {
          continue;
        }
        if (NodeIds.HasProperty.equals(child.getReferenceTypeId())) {
          properties.computeIfAbsent(at.getKey(), k -> new LinkedHashMap<>()).put(name, id);
        } else if (seen.add(id)) {
          open.add(Map.entry(id, name));
          if (child.getNodeClass() == NodeClass.Variable) {
            String title = child.getDisplayName().text();
            variables.put(id, new Variable(id, at.getValue(), name, title == null ? name : title));
            cut = variables.size() >= most;
          }
        }
      }
    }
    return values(List.copyOf(variables.values()), properties);
  }

  private List<ReferenceDescription> children(NodeId node) throws DriverException {
    BrowseDescription question =
        new BrowseDescription(
            node,
            BrowseDirection.Forward,
            NodeIds.HierarchicalReferences,
            true,
            Unsigned.uint(NodeClass.Object.getValue() | NodeClass.Variable.getValue()),
            Unsigned.uint(BrowseResultMask.All.getValue()));
    try {
      return BrowseHelper.browse(client, question, Unsigned.uint(1000))
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DriverException(Cause.TIMEOUT, "interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new DriverException(
          Cause.DEVICE_EXCEPTION, "browsing " + node.toParseableString() + ": " + e, e);
    }
  }

  private List<Found> values(List<Variable> variables, Map<NodeId, Map<String, NodeId>> properties)
      throws DriverException {
    List<Object> values = read(variables.stream().map(Variable::node).toList());
    List<Found> found = new ArrayList<>();
    for (int i = 0; i < variables.size(); i++) {
      Variable v = variables.get(i);
      Object value = values.get(i);
      if (!(value instanceof Boolean
          || value instanceof Number
          || value instanceof String
          || value instanceof LocalizedText)) {
        leftOut++;
        continue;
      }
      Map<String, NodeId> own = properties.getOrDefault(v.node, Map.of());
      found.add(
          new Found(
              v.node,
              v.parent,
              v.name,
              v.title,
              value,
              unit(property(own, "EngineeringUnits")),
              states(property(own, "EnumStrings"))));
    }
    return found;
  }

  private @Nullable Object property(Map<String, NodeId> properties, String name)
      throws DriverException {
    NodeId node = properties.get(name);
    return node == null ? null : read(List.of(node)).get(0);
  }

  private @Nullable String unit(@Nullable Object value) {
    if (!(value instanceof ExtensionObject object)) {
      return null;
    }
    return object.decode(client.getStaticEncodingContext()) instanceof EUInformation unit
        ? unit.getDisplayName().text()
        : null;
  }

  private static List<String> states(@Nullable Object value) {
    if (!(value instanceof LocalizedText[] texts)) {
      return List.of();
    }
    List<String> states = new ArrayList<>();
    for (LocalizedText text : texts) {
      states.add(Optional.ofNullable(text.text()).orElse(""));
    }
    return states;
  }

  /** What the nodes hold, {@link #NOTHING} where that cannot be read. */
  private List<Object> read(List<NodeId> nodes) throws DriverException {
    List<Object> values = new ArrayList<>(nodes.size());
    for (int i = 0; i < nodes.size(); i += AT_ONCE) {
      List<NodeId> some = nodes.subList(i, Math.min(nodes.size(), i + AT_ONCE));
      try {
        for (DataValue v :
            client
                .readValuesAsync(0.0, TimestampsToReturn.Neither, some)
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          Object value = v.statusCode().isBad() ? null : v.value().value();
          values.add(value == null ? NOTHING : value);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new DriverException(Cause.TIMEOUT, "interrupted", e);
      } catch (ExecutionException | TimeoutException e) {
        throw new DriverException(Cause.DEVICE_EXCEPTION, "reading values: " + e, e);
      }
    }
    return values;
  }

  private static final Object NOTHING = new Object();
}
