package io.plantroom.simulator.opcua;

import io.plantroom.profile.Point;
import io.plantroom.profile.PointKind;
import io.plantroom.profile.Quantity;
import io.plantroom.profile.Raw;
import io.plantroom.simulator.device.Answering;
import io.plantroom.simulator.device.Device;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.Set;
import org.eclipse.milo.opcua.sdk.core.AccessLevel;
import org.eclipse.milo.opcua.sdk.server.nodes.UaVariableNode;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;

/** A point of a device as a variable. */
record DeviceNode(Device device, Point point, UaVariableNode node, boolean whole) {

  /** Makes the variable show what the device shows. */
  DataValue refresh(Device.Moment moment) {
    DataValue value = value(moment);
    node.setValue(value);
    return value;
  }

  private DataValue value(Device.Moment moment) {
    DateTime now = DateTime.now();
    if (device.answering() == Answering.EXCEPTION) {
      return new DataValue(
          Variant.NULL_VALUE, new StatusCode(StatusCodes.Bad_DeviceFailure), now, now);
    }
    Optional<Quantity> quantity = moment.of(point);
    if (quantity.isEmpty()
        || (quantity.get() instanceof Quantity.NotAvailable && point.notAvailable().isEmpty())) {
      return new DataValue(Variant.NULL_VALUE, new StatusCode(StatusCodes.Bad_NoData), now, now);
    }
    Object value = value(point, point.raw(quantity.get()), whole);
    return new DataValue(Variant.of(value), StatusCode.GOOD, now, now);
  }

  private static Object value(Point point, Raw raw, boolean whole) {
    if (raw instanceof Raw.Text text) {
      return text.value();
    }
    BigDecimal number =
        raw instanceof Raw.Whole w ? BigDecimal.valueOf(w.value()) : ((Raw.Exact) raw).value();
    if (point.kind() == PointKind.STATE) {
      return number.intValue();
    }
    boolean fits = whole && number.stripTrailingZeros().scale() <= 0;
    return fits ? (Object) number.longValue() : (Object) number.doubleValue();
  }

  /** Takes only the type that the variable has, as servers do. */
  StatusCode write(DataValue wanted) {
    Object value = wanted.value().value();
    if (device.answering() == Answering.EXCEPTION) {
      return new StatusCode(StatusCodes.Bad_DeviceFailure);
    }
    Raw raw = null;
    if (value instanceof Integer code && point.kind() == PointKind.STATE) {
      raw = new Raw.Whole(code);
    } else if (value instanceof Double number && point.kind() != PointKind.STATE) {
      raw = new Raw.Real(number, false);
    }
    if (raw == null) {
      return new StatusCode(StatusCodes.Bad_TypeMismatch);
    }
    return device.set(point, point.quantity(raw))
        ? StatusCode.GOOD
        : new StatusCode(StatusCodes.Bad_OutOfRange);
  }

  static Set<AccessLevel> access(Point point) {
    return point.writable() == null ? AccessLevel.READ_ONLY : AccessLevel.READ_WRITE;
  }

  /** Whether a counter never shows fractions, so that it is an integer. */
  static boolean isWhole(Point point, Quantity quantity) {
    return point.kind() == PointKind.COUNTER
        && point.raw(quantity) instanceof Raw.Exact raw
        && raw.value().scale() <= 0;
  }

  static NodeId type(Point point, boolean whole) {
    return switch (point.kind()) {
      case ANALOG -> NodeIds.Double;
      case COUNTER -> whole ? NodeIds.Int64 : NodeIds.Double;
      case STATE -> NodeIds.Int32;
      case TEXT -> NodeIds.String;
    };
  }
}
