package io.plantroom.hub.ingest;

import io.plantroom.telemetry.Lane;
import io.plantroom.wire.Frame;
import io.plantroom.wire.FrameCodec;
import io.plantroom.wire.FrameHeader;
import io.plantroom.wire.Topics;
import io.plantroom.wire.WireException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A delivery, decoded as far as it goes.
 *
 * @param header null when not even that can be read or believed
 * @param frame null when the body cannot be read
 * @param problem why the frame is null
 */
record Incoming(
    Delivery delivery,
    @Nullable FrameHeader header,
    @Nullable Frame frame,
    @Nullable String problem) {
  /** Bytes of the objects of a record, without its texts. */
  private static final int A_RECORD = 160;

  static Incoming of(Delivery delivery) {
    Optional<Topics.Up> from = Topics.parseUp(delivery.topic());
    if (from.isEmpty()) {
      return new Incoming(delivery, null, null, "topic '" + delivery.topic() + "' is none of ours");
    }
    return from.get().kind().equals("status")
        ? new Incoming(delivery, null, null, "status that cannot be read")
        : of(delivery, from.get());
  }

  /** How many records it has; zero when that cannot be read. */
  int records() {
    return frame == null ? 0 : frame.header().count();
  }

  /** What it takes of the memory, roughly and rather too much: its payload and what is in it. */
  long bytes() {
    long payload = delivery.payload().length;
    return frame == null
        ? payload
        : payload + 2L * FrameCodec.bodyLength(delivery.payload()) + (long) A_RECORD * records();
  }

  static Incoming of(Delivery delivery, Topics.Up from) {
    try {
      Frame frame = FrameCodec.decode(delivery.payload());
      String lie = lie(frame.header(), from);
      return lie == null
          ? new Incoming(delivery, frame.header(), frame, null)
          : new Incoming(delivery, null, null, lie);
    } catch (WireException | RuntimeException e) {
      return unreadable(delivery, from, String.valueOf(e.getMessage()));
    }
  }

  /** The same delivery, to be set aside. */
  Incoming asPoison(String reason) {
    return new Incoming(delivery, header, null, reason);
  }

  private static Incoming unreadable(Delivery delivery, Topics.Up from, String problem) {
    try {
      FrameHeader header = FrameCodec.decodeHeader(delivery.payload());
      String lie = lie(header, from);
      return new Incoming(delivery, lie == null ? header : null, null, lie == null ? problem : lie);
    } catch (WireException e) {
      return new Incoming(delivery, null, null, problem);
    }
  }

  private static @Nullable String lie(FrameHeader header, Topics.Up from) {
    if (!header.gateway().equals(from.gateway())) {
      return "sent by gateway '" + from.gateway() + "' in the name of '" + header.gateway() + "'";
    }
    Lane lane = header.lane();
    return lane.name().toLowerCase(Locale.ROOT).equals(from.kind())
        ? null
        : "frame of lane " + lane + " on the topic of '" + from.kind() + "'";
  }
}
