package io.plantroom.edge.driver.opcua;

import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.ProtocolDriver;
import io.plantroom.edge.driver.RawValue;
import io.plantroom.profile.Limits;
import io.plantroom.profile.Point;
import io.plantroom.profile.Raw;
import io.plantroom.telemetry.Cause;
import io.plantroom.telemetry.Quality;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.ULong;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadValueId;
import org.jspecify.annotations.Nullable;

/** One device of a server: all its nodes in one Read. */
final class OpcUaDriver implements ProtocolDriver {
  private static final int MOST_NODES = 500;

  private final OpcUaLine line;
  private final String device;
  private final Limits limits;
  private final InstantSource clock;
  private final IdentityHashMap<List<Point>, List<ReadValueId>> nodes = new IdentityHashMap<>();

  OpcUaDriver(OpcUaLine line, String device, Limits limits, InstantSource clock) {
    this.line = line;
    this.device = device;
    this.limits = limits;
    this.clock = clock;
  }

  @Override
  public List<RawValue> read(List<Point> points) throws DriverException {
    List<ReadValueId> ids =
        nodes.computeIfAbsent(points, ps -> ps.stream().map(this::node).toList());
    List<DataValue> values = new ArrayList<>(ids.size());
    for (int i = 0; i < ids.size(); i += MOST_NODES) {
      List<ReadValueId> some = ids.subList(i, Math.min(ids.size(), i + MOST_NODES));
      values.addAll(line.read(some, limits.timeout()));
    }
    Instant at = clock.instant();
    List<RawValue> read = new ArrayList<>(points.size());
    for (int i = 0; i < points.size(); i++) {
      read.add(value(points.get(i).name(), values.get(i), at));
    }
    return read;
  }

  private ReadValueId node(Point point) {
    String node = Objects.requireNonNull(point.opcUa(), point.name()).node();
    return new ReadValueId(
        NodeId.parse(node.replace("{device}", device)),
        AttributeId.Value.uid(),
        null,
        QualifiedName.NULL_VALUE);
  }

  private static RawValue value(String point, DataValue value, Instant at) {
    StatusCode status = value.statusCode();
    if (status.isBad()) {
      return RawValue.bad(point, at, cause(status.value()));
    }
    Object found = value.value().value();
    if (found == null) {
      return RawValue.bad(point, at, Cause.NOT_AVAILABLE);
    }
    Raw raw = raw(found);
    if (raw == null) {
      return RawValue.bad(point, at, Cause.INVALID_REPLY);
    }
    return status.isGood()
        ? RawValue.good(point, at, raw)
        : new RawValue(point, at, raw, Quality.UNCERTAIN, Cause.DEVICE_DOUBT);
  }

  private static Cause cause(long status) {
    if (status == StatusCodes.Bad_NodeIdUnknown
        || status == StatusCodes.Bad_NodeIdInvalid
        || status == StatusCodes.Bad_AttributeIdInvalid
        || status == StatusCodes.Bad_NoData) {
      return Cause.NOT_AVAILABLE;
    }
    if (status == StatusCodes.Bad_Timeout) {
      return Cause.TIMEOUT;
    }
    return status == StatusCodes.Bad_NoCommunication || status == StatusCodes.Bad_NotConnected
        ? Cause.NO_CONNECTION
        : Cause.DEVICE_EXCEPTION;
  }

  private static @Nullable Raw raw(Object value) {
    if (value instanceof Boolean b) {
      return Raw.of(b);
    }
    if (value instanceof Float f) {
      return new Raw.Real(f, true);
    }
    if (value instanceof Double d) {
      return new Raw.Real(d, false);
    }
    if (value instanceof ULong u) {
      return new Raw.Exact(new BigDecimal(u.toBigInteger()));
    }
    if (value instanceof Number n) {
      return new Raw.Whole(n.longValue());
    }
    if (value instanceof LocalizedText text) {
      return text.text() == null ? null : new Raw.Text(text.text());
    }
    return value instanceof String text ? new Raw.Text(text) : null;
  }

  @Override
  public void close() {
    nodes.clear();
  }
}
