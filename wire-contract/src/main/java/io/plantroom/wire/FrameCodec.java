package io.plantroom.wire;

import io.plantroom.telemetry.Lane;
import java.util.zip.CRC32C;

/**
 * Frames as bytes. Layout of version 1, numbers big endian, {@code varint} as in Protocol Buffers:
 *
 * <pre>
 * 'P' 'R' version=1 lane flags(bit 0: body deflated)
 * varint length, gateway in UTF-8 · epoch int64 · varint firstSequence · varint count
 * varint firstKept · varint round · varint length of body when inflated · varint length, body
 * CRC-32C of all before, int32
 * </pre>
 *
 * The body is {@link TelemetryBody} or the JSON of {@link JsonWire}. Thread-safe, keeps nothing.
 */
public final class FrameCodec {
  static final int VERSION = 1;

  /** A body above this is refused before it is inflated, so no frame can fill the memory. */
  static final int MAX_BODY = 16 << 20;

  private static final int START = 3;
  private static final int DEFLATED = 1;
  private static final int WORTH_DEFLATING = 256;

  private FrameCodec() {}

  public static byte[] encode(Frame frame) {
    byte[] body =
        frame instanceof Frame.Telemetry t
            ? TelemetryBody.encode(t.samples())
            : JsonWire.encode(((Frame.Events) frame).events());
    byte[] packed = body.length < WORTH_DEFLATING ? body : Deflate.pack(body);
    boolean deflated = packed.length < body.length;
    byte[] sent = deflated ? packed : body;
    FrameHeader h = frame.header();
    WireWriter out = new WireWriter(sent.length + 64 + h.gateway().length());
    out.int8('P').int8('R').int8(VERSION).int8(h.lane().code()).int8(deflated ? DEFLATED : 0);
    out.text(h.gateway()).int64(h.epoch()).varint(h.firstSequence()).varint(h.count());
    out.varint(h.firstKept()).varint(h.round()).varint(body.length);
    out.varint(sent.length).bytes(sent);
    CRC32C crc = new CRC32C();
    crc.update(out.array(), 0, out.length());
    return out.int32((int) crc.getValue()).toBytes();
  }

  /**
   * The whole frame.
   *
   * @throws WireException when the bytes were damaged, are of a newer version, or make no sense
   */
  public static Frame decode(byte[] payload) throws WireException {
    WireReader in = checked(payload);
    int flags = in.flags();
    FrameHeader header = header(in);
    int inflated = in.count("length of body", MAX_BODY);
    byte[] body = in.bytes(in.count("length of packed body", MAX_BODY));
    in.end();
    if ((flags & DEFLATED) != 0) {
      body = Deflate.unpack(body, inflated);
    }
    try {
      return header.lane() == Lane.TELEMETRY
          ? new Frame.Telemetry(header, TelemetryBody.decode(body, header.count()))
          : new Frame.Events(header, JsonWire.events(body));
    } catch (IllegalArgumentException e) {
      throw new WireException("body: " + e.getMessage(), e);
    }
  }

  /** Only the header, for a frame whose body cannot be read but whose sequence is to be settled. */
  public static FrameHeader decodeHeader(byte[] payload) throws WireException {
    WireReader in = checked(payload);
    in.flags();
    return header(in);
  }

  /**
   * Bytes of the inflated body of a frame that could be decoded; what is in it takes about as much.
   */
  public static int bodyLength(byte[] payload) {
    try {
      WireReader in = new WireReader(payload, START, payload.length - 4);
      in.flags();
      header(in);
      return in.count("length of body", MAX_BODY);
    } catch (WireException e) {
      throw new IllegalArgumentException("not a frame that could be decoded", e);
    }
  }

  private static WireReader checked(byte[] payload) throws WireException {
    if (payload.length < 9 || payload[0] != 'P' || payload[1] != 'R') {
      throw new WireException("not a frame: it does not begin with PR");
    }
    if (payload[2] != VERSION) {
      throw new WireException(
          "frame of wire version " + payload[2] + ", this side understands " + VERSION);
    }
    CRC32C crc = new CRC32C();
    crc.update(payload, 0, payload.length - 4);
    WireReader tail = new WireReader(payload, payload.length - 4, payload.length);
    if (tail.int32() != (int) crc.getValue()) {
      throw new WireException("frame is damaged: its CRC-32C does not match");
    }
    return new WireReader(payload, START, payload.length - 4);
  }

  private static FrameHeader header(WireReader in) throws WireException {
    try {
      return new FrameHeader(
          in.text(),
          in.lane(),
          in.int64(),
          in.varint(),
          in.count("record count", FrameHeader.MAX_COUNT),
          in.varint(),
          in.count("round", Integer.MAX_VALUE));
    } catch (IllegalArgumentException e) {
      throw new WireException("header: " + e.getMessage(), e);
    }
  }
}
