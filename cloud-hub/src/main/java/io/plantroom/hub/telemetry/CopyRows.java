package io.plantroom.hub.telemetry;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.util.ByteConverter;

/** Rows in the binary format of {@code COPY}, gathered in memory and sent in one go. */
final class CopyRows {
  private static final byte[] HEADER = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  /** PostgreSQL counts microseconds since 2000. */
  private static final long EPOCH_2000_MICROS = 946_684_800_000_000L;

  private ByteBuffer out = ByteBuffer.allocate(64 << 10).put(HEADER);

  CopyRows row(int fields) {
    room(2).putShort((short) fields);
    return this;
  }

  CopyRows timestamp(Instant at) {
    room(12).putInt(8).putLong(at.toEpochMilli() * 1000 - EPOCH_2000_MICROS);
    return this;
  }

  CopyRows float8(@Nullable Double value) {
    if (value == null) {
      return nothing();
    }
    room(12).putInt(8).putDouble(value);
    return this;
  }

  CopyRows int4(@Nullable Integer value) {
    if (value == null) {
      return nothing();
    }
    room(8).putInt(4).putInt(value);
    return this;
  }

  CopyRows int2(int value) {
    room(6).putInt(2).putShort((short) value);
    return this;
  }

  CopyRows bool(boolean value) {
    room(5).putInt(1).put((byte) (value ? 1 : 0));
    return this;
  }

  CopyRows text(@Nullable String value) {
    return value == null ? nothing() : bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  CopyRows numeric(@Nullable BigDecimal value) {
    return value == null
        ? nothing()
        : bytes(ByteConverter.numeric(value.scale() < 0 ? value.setScale(0) : value));
  }

  /** Sends all rows; on an error the transaction is as after any failed statement. */
  void send(CopyManager copy, String sql) throws SQLException {
    room(2).putShort((short) -1);
    CopyIn in = copy.copyIn(sql);
    try {
      in.writeToCopy(out.array(), 0, out.position());
      in.endCopy();
    } finally {
      if (in.isActive()) {
        in.cancelCopy();
      }
    }
  }

  private CopyRows bytes(byte[] bytes) {
    room(4 + bytes.length).putInt(bytes.length).put(bytes);
    return this;
  }

  private CopyRows nothing() {
    room(4).putInt(-1);
    return this;
  }

  private ByteBuffer room(int more) {
    if (out.remaining() < more) {
      int position = out.position();
      out =
          ByteBuffer.wrap(
              Arrays.copyOf(out.array(), Math.max(out.capacity() * 2, position + more)));
      out.position(position);
    }
    return out;
  }
}
