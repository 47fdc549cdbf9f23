package io.plantroom.wire;

import io.plantroom.telemetry.Sample;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Newest values for the screens: {@code 'P' 'L' version=1}, varint count, {@link TelemetryBody},
 * CRC-32C of all before. A damaged one is simply not shown.
 */
public final class LiveCodec {
  /** Samples in one message at most. */
  public static final int MAX_COUNT = 2_000;

  private LiveCodec() {}

  public static byte[] encode(List<Sample> samples) {
    byte[] body = TelemetryBody.encode(samples);
    WireWriter out = new WireWriter(body.length + 16);
    out.int8('P').int8('L').int8(FrameCodec.VERSION).varint(samples.size()).bytes(body);
    CRC32C crc = new CRC32C();
    crc.update(out.array(), 0, out.length());
    return out.int32((int) crc.getValue()).toBytes();
  }

  public static List<Sample> decode(byte[] payload) throws WireException {
    if (payload.length < 8 || payload[0] != 'P' || payload[1] != 'L') {
      throw new WireException("not live values: it does not begin with PL");
    }
    if (payload[2] != FrameCodec.VERSION) {
      throw new WireException("live values of wire version " + payload[2] + " are not understood");
    }
    CRC32C crc = new CRC32C();
    crc.update(payload, 0, payload.length - 4);
    if (new WireReader(payload, payload.length - 4, payload.length).int32()
        != (int) crc.getValue()) {
      throw new WireException("live values are damaged: their CRC-32C does not match");
    }
    WireReader in = new WireReader(payload, 3, payload.length - 4);
    int count = in.count("number of samples", MAX_COUNT);
    return TelemetryBody.decode(in.rest(), count);
  }
}
