package io.plantroom.edge.driver.opcua;

import io.plantroom.edge.driver.RawValue;
import io.plantroom.profile.Raw;
import io.plantroom.telemetry.Cause;
import io.plantroom.telemetry.Quality;
import java.math.BigDecimal;
import java.time.Instant;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UByte;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.ULong;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UShort;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned;
import org.jspecify.annotations.Nullable;

/** What a server's values and status codes are here. */
final class Values {
  private Values() {}

  static RawValue of(String point, DataValue value, Instant at) {
    StatusCode status = value.statusCode();
    if (status.isBad()) {
      return RawValue.bad(point, at, cause(status));
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

  /** Whether the server says that there is no such thing; asking every second will not help. */
  static boolean isUnknown(StatusCode status) {
    long code = status.value();
    return code == StatusCodes.Bad_NodeIdUnknown
        || code == StatusCodes.Bad_NodeIdInvalid
        || code == StatusCodes.Bad_AttributeIdInvalid
        || code == StatusCodes.Bad_NotReadable
        || code == StatusCodes.Bad_UserAccessDenied;
  }

  static Cause cause(StatusCode status) {
    long code = status.value();
    if (code == StatusCodes.Bad_NodeIdUnknown
        || code == StatusCodes.Bad_NodeIdInvalid
        || code == StatusCodes.Bad_AttributeIdInvalid
        || code == StatusCodes.Bad_NoData) {
      return Cause.NOT_AVAILABLE;
    }
    if (code == StatusCodes.Bad_Timeout) {
      return Cause.TIMEOUT;
    }
    return code == StatusCodes.Bad_NoCommunication || code == StatusCodes.Bad_NotConnected
        ? Cause.NO_CONNECTION
        : Cause.DEVICE_EXCEPTION;
  }

  /**
   * A value as a server takes it.
   *
   * @param like what the variable shows now, whose type it has; null when it shows nothing
   * @throws IllegalArgumentException when that type cannot hold the value
   */
  static Variant variant(Raw raw, @Nullable Object like) {
    BigDecimal number = raw.number();
    if (number == null) {
      throw new IllegalArgumentException("only numbers and states can be written");
    }
    if (like == null || like instanceof Double) {
      return Variant.of(number.doubleValue());
    }
    if (like instanceof Float) {
      return Variant.of(number.floatValue());
    }
    if (like instanceof Boolean) {
      return Variant.of(number.signum() != 0);
    }
    try {
      return Variant.of(whole(number, like));
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException(
          "the server's variable cannot hold " + number.toPlainString(), e);
    }
  }

  private static Object whole(BigDecimal number, Object like) {
    if (like instanceof Byte) {
      return number.byteValueExact();
    }
    if (like instanceof Short) {
      return number.shortValueExact();
    }
    if (like instanceof Integer) {
      return number.intValueExact();
    }
    if (like instanceof Long) {
      return number.longValueExact();
    }
    if (like instanceof UByte) {
      return Unsigned.ubyte(number.longValueExact());
    }
    if (like instanceof UShort) {
      return Unsigned.ushort(number.intValueExact());
    }
    if (like instanceof UInteger) {
      return Unsigned.uint(number.longValueExact());
    }
    if (like instanceof ULong) {
      return Unsigned.ulong(number.toBigIntegerExact());
    }
    throw new IllegalArgumentException(
        "the server's variable is a " + like.getClass().getSimpleName());
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
}
