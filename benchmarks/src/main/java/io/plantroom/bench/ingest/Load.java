package io.plantroom.bench.ingest;

import io.plantroom.telemetry.Lane;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import io.plantroom.wire.Frame;
import io.plantroom.wire.FrameCodec;
import io.plantroom.wire.FrameHeader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The samples of some gateways: each frame is ten seconds of a hundred points of one gateway.
 *
 * @param epoch of their queues; each load that a database takes in needs one of its own
 */
public record Load(int gateways, int framesEach, Instant from, long epoch) {
  static final int POINTS = 100;
  static final int SECONDS = 10;
  static final int PER_FRAME = POINTS * SECONDS;

  /** One for tables without watermarks. */
  public Load(int gateways, int framesEach, Instant from) {
    this(gateways, framesEach, from, 4711);
  }

  int frames() {
    return gateways * framesEach;
  }

  long samples() {
    return (long) frames() * PER_FRAME;
  }

  /** Its code. */
  public static String gateway(int i) {
    return "gw-bench-" + i;
  }

  List<Sample> samples(int frame) {
    List<Sample> samples = new ArrayList<>(PER_FRAME);
    for (int second = 0; second < SECONDS; second++) {
      Instant at = from.plusSeconds((long) frame * SECONDS + second);
      for (int point = 0; point < POINTS; point++) {
        double value = Math.round(1e3 * Math.sin(point + frame * 0.1 + second * 0.01)) / 10.0;
        samples.add(
            Sample.good(
                "device-" + point / 20, "point-" + point % 20, at, new Value.Analog(value)));
      }
    }
    return samples;
  }

  byte[] payload(int gateway, int frame) {
    FrameHeader header =
        new FrameHeader(
            gateway(gateway), Lane.TELEMETRY, epoch, (long) frame * PER_FRAME + 1, PER_FRAME, 1, 0);
    return FrameCodec.encode(new Frame.Telemetry(header, samples(frame)));
  }
}
