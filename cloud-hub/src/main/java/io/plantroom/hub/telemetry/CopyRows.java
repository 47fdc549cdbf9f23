package io.plantroom.hub.telemetry;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.Oid;
import org.postgresql.util.ByteConverter;

/**
 * Rows in the binary format of {@code COPY}, sent piece by piece, so that the server stores the
 * first while the next are still being written. On an error the transaction is as after any failed
 * statement.
 */
final class CopyRows implements AutoCloseable {
  private static final byte[] HEADER = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  /** PostgreSQL counts microseconds since 2000. */
  private static final long EPOCH_2000_MICROS = 946_684_800_000_000L;

  private static final int PIECE = 128 << 10;

  private final CopyIn in;
  private ByteBuffer out = ByteBuffer.allocate(PIECE).put(HEADER);

  CopyRows(CopyManager copy, String sql) throws SQLException {
    in = copy.copyIn(sql);
  }

  /** All of a number's row; {@code value} is null when it could not be read. */
  CopyRows number(
      Instant at, int point, int quality, int cause, boolean trusted, @Nullable Double value)
      throws SQLException {
    ByteBuffer o = room(2 + 12 + 8 + 6 + 6 + 5 + 12);
    o.putShort((short) 6).putInt(8).putLong(at.toEpochMilli() * 1000 - EPOCH_2000_MICROS);
    o.putInt(4).putInt(point);
    o.putInt(2).putShort((short) quality).putInt(2).putShort((short) cause);
    o.putInt(1).put((byte) (trusted ? 1 : 0));
    if (value == null) {
      o.putInt(-1);
    } else {
      o.putInt(8).putDouble(value);
    }
    return this;
  }

  CopyRows row(int fields) throws SQLException {
    room(2).putShort((short) fields);
    return this;
  }

  CopyRows timestamp(Instant at) throws SQLException {
    room(12).putInt(8).putLong(at.toEpochMilli() * 1000 - EPOCH_2000_MICROS);
    return this;
  }

  CopyRows int4(@Nullable Integer value) throws SQLException {
    if (value == null) {
      return nothing();
    }
    room(8).putInt(4).putInt(value);
    return this;
  }

  CopyRows int2(int value) throws SQLException {
    room(6).putInt(2).putShort((short) value);
    return this;
  }

  CopyRows bool(boolean value) throws SQLException {
    room(5).putInt(1).put((byte) (value ? 1 : 0));
    return this;
  }

  /** An array of some, at least one. */
  CopyRows ints(int[] values) throws SQLException {
    int length = 20 + 8 * values.length;
    ByteBuffer o = room(4 + length).putInt(length);
    o.putInt(1).putInt(0).putInt(Oid.INT4).putInt(values.length).putInt(1);
    for (int value : values) {
      o.putInt(4).putInt(value);
    }
    return this;
  }

  CopyRows text(@Nullable String value) throws SQLException {
    return value == null ? nothing() : bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  CopyRows numeric(@Nullable BigDecimal value) throws SQLException {
    return value == null
        ? nothing()
        : bytes(ByteConverter.numeric(value.scale() < 0 ? value.setScale(0) : value));
  }

  /** All rows are in the table when this returns. */
  void finish() throws SQLException {
    room(2).putShort((short) -1);
    flush();
    in.endCopy();
  }

  /** Gives up unless finished. */
  @Override
  public void close() throws SQLException {
    if (in.isActive()) {
      in.cancelCopy();
    }
  }

  private void flush() throws SQLException {
    in.writeToCopy(out.array(), 0, out.position());
    out.clear();
  }

  private CopyRows bytes(byte[] bytes) throws SQLException {
    room(4 + bytes.length).putInt(bytes.length).put(bytes);
    return this;
  }

  private CopyRows nothing() throws SQLException {
    room(4).putInt(-1);
    return this;
  }

  private ByteBuffer room(int more) throws SQLException {
    if (out.remaining() < more) {
      flush();
      if (out.capacity() < more) {
        out = ByteBuffer.allocate(more);
      }
    }
    return out;
  }
}
